import { randomUUID } from 'node:crypto';
import type { ExecutionResult, GraphQLFormattedError } from 'graphql';
import { isVCenterError } from '../errors/extensions.ts';
import { truncate } from './truncate.ts';

/** The largest body of a response, in bytes. */
const maxResponseBytes = 16 * 1024 * 1024;

/** Upstream error details in one response, in characters of JSON; each field of an API repeats them. */
const maxDetailsLength = 1024 * 1024;

/** Characters of an upstream's message beyond {@link maxDetailsLength}. */
const maxMessageLength = 256;

/** Where a response that is too large is written down. */
export interface ResponseLog {
  warn(details: { errorId: string }, message: string): void;
}

/** A result whose errors are formatted. */
export type FormattedResult = Pick<ExecutionResult, 'data'> & {
  readonly errors?: readonly GraphQLFormattedError[];
};

/**
 * Bounds a result before it is serialized: upstream error details beyond their bound are left out, and a result that
 * is too large for a response is replaced by one error.
 */
export function limitResult<Result extends FormattedResult>(
  result: Result,
  log: ResponseLog,
): Result | FormattedResult {
  const limited = result.errors ? { ...result, errors: limitDetails(result.errors) } : result;
  return textLength(limited) > maxResponseBytes ? tooLarge(log) : limited;
}

/** Replaces a serialized result that is too large. Escaping and UTF-8 make it longer than its strings are. */
export function limitBody(body: string, log: ResponseLog): string {
  return Buffer.byteLength(body) > maxResponseBytes ? `${JSON.stringify(tooLarge(log))}\n` : body;
}

function tooLarge(log: ResponseLog): FormattedResult {
  const errorId = randomUUID();
  log.warn({ errorId }, 'a response exceeded its bound');
  const message = `A response may have at most ${maxResponseBytes} bytes. Select fewer fields or fewer objects.`;
  return { errors: [{ message, extensions: { code: 'BAD_USER_INPUT', errorId } }], data: null };
}

/** Leaves out what upstream sent beyond the bound of a response. Codes stay, and the beginnings of messages. */
function limitDetails(errors: readonly GraphQLFormattedError[]): readonly GraphQLFormattedError[] {
  const lengths = new Map<unknown, number>();
  let left = maxDetailsLength;
  return errors.map((error) => {
    if (!isVCenterError(error)) return error;
    const { error: vapi, fault, ...vcenter } = error.extensions.vcenter;
    const details = vapi ?? fault;
    const known = lengths.get(details) ?? JSON.stringify(details)?.length ?? 0;
    lengths.set(details, known);
    const length = known + error.message.length;
    if (length <= left) {
      left -= length;
      return error;
    }
    const extensions = { ...error.extensions, vcenter };
    return { ...error, message: truncate(error.message, maxMessageLength), extensions };
  });
}

/** The number of characters of all strings and property names in a value: its JSON has more. */
function textLength(value: unknown): number {
  if (typeof value === 'string') return value.length;
  let length = 0;
  if (Array.isArray(value)) for (const element of value) length += textLength(element);
  else
    for (const name in value as Record<string, unknown>)
      length += name.length + textLength((value as Record<string, unknown>)[name]);
  return length;
}
