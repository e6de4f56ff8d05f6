import { currentOperation } from './operation-context.ts';

/** Options of pino, as far as they are set here. */
export interface LoggerOptions {
  readonly level: string;
  readonly stream?: { write(line: string): void };
  readonly redact: { readonly paths: string[]; readonly remove: true };
  readonly serializers: {
    req(request: unknown): { method: string; path: string };
    res(response: unknown): { statusCode: number };
    err(error: unknown): SerializedError;
  };
  /** Called for each line; what it returns is added. */
  mixin(): object;
}

/** An error without the members that libraries add to it: they may hold anything. */
interface SerializedError {
  [name: string]: unknown;
  type: string;
  message: string;
  stack: string;
  code?: string;
}

/** Members that may hold a token or a password, wherever a line has them. */
const secretNames = [
  'authorization',
  'body',
  'cookie',
  'credentials',
  'headers',
  'password',
  'query',
  'secret',
  'token',
  'variables',
];

/**
 * The options of the logger. A line cannot hold a token or a password: requests and responses are reduced to
 * their method, path and status, errors to their type, message and stack, and members that may hold a secret are
 * removed. Within an operation each line has its `requestId`, and its `traceId` where there is one.
 *
 * @param level - the least severe level that is written.
 * @param logTo - Default: stdout.
 */
export function createLoggerOptions(
  level: string,
  logTo?: { write(line: string): void },
): LoggerOptions {
  return {
    level,
    ...(logTo && { stream: logTo }),
    redact: { paths: secretNames.flatMap((name) => [name, `*.${name}`]), remove: true },
    serializers: { req: serializeRequest, res: serializeResponse, err: serializeError },
    mixin() {
      const operation = currentOperation();
      if (!operation) return {};
      const { requestId, traceId } = operation;
      return traceId === undefined ? { requestId } : { requestId, traceId };
    },
  };
}

function serializeRequest(request: unknown): { method: string; path: string } {
  const { method, url } = members(request);
  return { method: String(method), path: String(url).replace(/[?#].*/s, '') };
}

function serializeResponse(response: unknown): { statusCode: number } {
  return { statusCode: Number(members(response)['statusCode']) };
}

function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function serializeError(error: unknown): SerializedError {
  if (!(error instanceof Error)) return { type: typeof error, message: '', stack: '' };
  const { name: type, message, stack = '', cause } = error;
  return {
    type,
    message,
    stack,
    ...('code' in error && typeof error.code === 'string' && { code: error.code }),
    ...(cause instanceof Error && { cause: serializeError(cause) }),
  };
}
