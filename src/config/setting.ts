import { z } from 'zod';
import type { IssueDetails } from './config-error.ts';

/**
 * The schema of one setting. Its value is text in the environment and may be typed in the file.
 *
 * @param expected - what values it has, for the message about another one.
 * @param schema - checks and converts a value; undefined where it is not set, so that its default applies.
 *   An issue of it may have a `hint` in its `params`.
 */
export function setting<Value>(
  expected: string,
  schema: z.ZodType<Value>,
  options: { readonly secret?: boolean } = {},
): z.ZodType<Value> {
  return z.unknown().transform((value, context) => {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    const params: IssueDetails = {
      ...options,
      hint: hintOf(result.error) ?? quotingHint(value, schema),
    };
    context.addIssue({ code: 'custom', message: expected, params: { ...params } });
    return z.NEVER;
  });
}

function hintOf({ issues }: z.ZodError): string | undefined {
  for (const issue of issues)
    if (issue.code === 'custom' && typeof issue.params?.['hint'] === 'string')
      return issue.params['hint'];
  return undefined;
}

/** YAML reads `12` as a number where the setting is a text. */
function quotingHint(value: unknown, schema: z.ZodType): string | undefined {
  if (typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  const text = String(value);
  return schema.safeParse(text).success ? `quote it: "${text}"` : undefined;
}

/** A whole number, as text or as a number. */
export function wholeNumber(least: number, most: number): z.ZodType<number> {
  return z
    .union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
    .pipe(z.int().min(least).max(most));
}

/** A whole number within bounds that the message names, with a default. */
export function numberSetting(
  least: number,
  most: number,
  byDefault: number,
  unit?: string,
): z.ZodType<number> {
  const what = unit === undefined ? 'a whole number' : `a whole number of ${unit}`;
  return setting(
    `${what} from ${least} to ${most}`,
    z.union([z.undefined().transform(() => byDefault), wholeNumber(least, most)]),
  );
}

/** True or false, as text or as a boolean. */
export const trueOrFalse: z.ZodType<boolean> = z.union([
  z.boolean(),
  z.enum(['true', 'false']).transform((text) => text === 'true'),
]);

/** Runs a check of several settings even if one of them is invalid, so that one start reports all problems. */
export const evenIfInvalid: z.core.$ZodSuperRefineParams = { when: () => true };

/** Whether all of these settings are valid. */
export type Validity = (...names: readonly string[]) => boolean;

/** @param issues - those found so far, by the name of the setting. */
export function validityIn(issues: readonly z.core.$ZodRawIssue[]): Validity {
  const invalid = new Set(issues.map(({ path }) => path?.[0]));
  return (...names) => !names.some((name) => invalid.has(name));
}
