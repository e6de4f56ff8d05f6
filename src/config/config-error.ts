import { z } from 'zod';

/** One setting: how it is written, what it takes, and how its value is read. */
export interface Setting<Value> {
  /** What it takes, for the message that names a wrong value. */
  readonly takes: string;
  /** Checks and converts a value, which is text in the environment and may be typed in the file. */
  readonly schema: z.ZodType<Value>;
  /** Whether its value is never to be shown. */
  readonly secret?: true;
}

/** A setting's value that cannot be used. */
export interface Problem {
  /** The setting's name, for example `VCENTER_URL` or `vcenters.yaml:4: vcenters[1].url`. */
  readonly name: string;
  readonly takes: string;
  /** What it got, as it may be shown. */
  readonly got: string;
}

/** The settings cannot be used. Its message has a line for each problem. */
export class ConfigError extends Error {
  constructor(problems: readonly Problem[]) {
    super(problems.map(({ name, takes, got }) => `${name} takes ${takes}, got ${got}`).join('\n'));
    this.name = 'ConfigError';
  }
}

/**
 * Reads one setting.
 *
 * @param value - undefined where it is not set, so that its default applies.
 * @param problems - a value that cannot be used is added to them.
 */
export function readSetting<Value>(
  setting: Setting<Value>,
  name: string,
  value: unknown,
  problems: Problem[],
): Value | undefined {
  const result = setting.schema.safeParse(value);
  if (result.success) return result.data;
  const got = setting.secret && value !== undefined ? 'a value that is not shown' : shown(value);
  problems.push({ name, takes: setting.takes, got });
  return undefined;
}

/** A value as it may be shown: short, and without what a URL, however badly written, may hold of secrets. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  const text = JSON.stringify(value)
    .replace(/^("?(?:\w+:\/\/)?).*@/, '$1[credentials]@')
    .replace(/(\/\/[^/:"]*):(?!\d+(?:["/?#]|$))[^"]*/, '$1:[credentials]')
    .replace(/\?[^"]+/, '?[query]')
    .replace(/#[^"]+/, '#[fragment]');
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

/** A whole number, as text or as a number. */
export function wholeNumber(least: number, most: number): z.ZodType<number> {
  return z
    .union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
    .pipe(z.int().min(least).max(most));
}

/** True or false, as text or as a boolean. */
export const trueOrFalse: z.ZodType<boolean> = z.union([
  z.boolean(),
  z.enum(['true', 'false']).transform((text) => text === 'true'),
]);
