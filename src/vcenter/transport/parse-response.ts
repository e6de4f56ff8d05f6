import type { z } from 'zod';
import { resultOrUndefined } from '../../errors/result-or-undefined.ts';
import type { UpstreamResponse } from './call.ts';
import { InvalidResponseError } from './errors.ts';
import { parseJson } from './json.ts';
import { parseVerbatim } from './verbatim-json.ts';

/**
 * Parses the value in a response's body.
 *
 * @returns the value, or what is wrong with it, for the log: without any part of the body.
 */
export function parseResponse<Shape extends z.ZodType>(
  shape: Shape,
  { body }: UpstreamResponse,
): z.output<Shape> | InvalidResponseError {
  if (body === undefined) return new InvalidResponseError('a body that cannot be read as text');
  const json = resultOrUndefined(() => ({ value: parseJson(body) }));
  if (json === undefined) return new InvalidResponseError('a body that is not JSON');
  const result = shape.safeParse(json.value);
  if (result.success) return result.data;
  return new InvalidResponseError(
    `a value of another shape: ${result.error.issues.slice(0, 3).map(describe).join('; ')}`,
  );
}

/** Parses the error in a response's body, if it has one, with every number verbatim. */
export function parseError<Shape extends z.ZodType>(
  shape: Shape,
  { body }: UpstreamResponse,
): z.output<Shape> | undefined {
  if (body === undefined) return undefined;
  return shape.safeParse(resultOrUndefined(() => parseVerbatim(body))).data;
}

/** One thing that is wrong with a value: which property, and what is declared for it. */
function describe({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}
