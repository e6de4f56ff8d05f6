import type { z } from 'zod';

/** The settings cannot be used. Its message has one line for each problem. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** What a setting's schema reports of a value that it rejects, in the `params` of its issue. */
export interface IssueDetails {
  /** Whether the value is never to be shown. */
  readonly secret?: boolean;
  /** Whether no value was given where one is needed. */
  readonly missing?: boolean;
  /** What was received, without secrets, where it is only a part of the value. */
  readonly received?: string;
  /** Why the value was rejected, or what to do, where that is more than what was expected. */
  readonly hint?: string | undefined;
}

/** Where values come from: it names a setting by its path, and a key that is no setting. */
export interface Source {
  nameOf(path: readonly PropertyKey[]): string;
  /** The line about a key that is no setting. Without it, unknown keys are not expected. */
  unknownKey?(path: readonly PropertyKey[], key: string): string;
}

/**
 * Checks values by a schema whose issues have what was expected as their message.
 *
 * @throws ConfigError with one line for each issue.
 */
export function parse<Value>(schema: z.ZodType<Value>, values: unknown, source: Source): Value {
  const result = schema.safeParse(values, { reportInput: true });
  if (result.success) return result.data;
  throw new ConfigError(result.error.issues.flatMap((issue) => formatIssue(issue, source)));
}

/**
 * Runs all reads, even after one has failed, so that one start reports all problems.
 *
 * @throws ConfigError with the problems of all reads.
 */
export function collect<Values extends readonly unknown[]>(
  ...reads: { readonly [Index in keyof Values]: () => Values[Index] }
): Values {
  const problems: string[] = [];
  const values: readonly unknown[] = reads.map((read) => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  });
  assertNone(problems);
  return values as Values;
}

/** @throws ConfigError with the problems, if there are any. */
export function assertNone(problems: readonly string[]): void {
  if (problems.length > 0) throw new ConfigError(problems);
}

/** A line with what was expected of a setting, what was received and what to do. */
export function expected(name: string, what: string, received: string, hint?: string): string {
  return `${name}: expected ${what}, received ${received}${hint === undefined ? '' : ` (${hint})`}`;
}

function formatIssue(issue: z.core.$ZodIssue, source: Source): string[] {
  const { unknownKey } = source;
  if (issue.code === 'unrecognized_keys' && unknownKey)
    return issue.keys.map((key) => unknownKey(issue.path, key));
  const name = source.nameOf(issue.path);
  const details: IssueDetails = (issue.code === 'custom' && issue.params) || {};
  const { secret, missing, hint } = details;
  if (missing || issue.input === undefined)
    return [`${name} is required: expected ${issue.message}`];
  const received = secret ? 'a value that is not shown' : (details.received ?? shown(issue.input));
  return [expected(name, issue.message, received, hint)];
}

/** A value as it may be shown: short, and without secrets. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  return redact(JSON.stringify(value) ?? typeof value);
}

/** Removes the secrets of a URL, however badly written, and of a PEM file in the place of its path. */
function redact(json: string): string {
  const text = json
    .replace(/-----BEGIN.*/, '-----BEGIN[PEM]"')
    .replace(/"(\w+:\/\/)?.*@/, '"$1[credentials]@')
    .replace(/(\/\/[^/:"]*):(?!\d+["/?#])[^"]*/, '$1:[credentials]')
    .replace(/\?[^"]+/, '?[query]')
    .replace(/#[^"]+/, '#[fragment]');
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
