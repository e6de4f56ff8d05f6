import { Buffer } from 'node:buffer';
import { type OutgoingHttpHeaders, validateHeaderName, validateHeaderValue } from 'node:http';
import { z } from 'zod';
import { operations, type Route } from '../apis/routes.ts';
import { isObject, type JsonObject, type JsonValue } from '../http/json.ts';

/** The longest delay that a timer of Node.js has. */
const maxDelayMs = 2 ** 31 - 1;

const status = z.int().min(200).max(599);
const milliseconds = z.number().min(0).max(maxDelayMs);
const jsonObject = z.custom<JsonObject>(isObject, 'expected an object');
const jsonValue = z.custom<JsonValue>();
const headers = z.custom<OutgoingHttpHeaders>(areHeaders, 'expected valid HTTP headers');
const body = z.custom<string | Uint8Array>(
  (value) => typeof value === 'string' || value instanceof Uint8Array,
  'expected a string or bytes',
);
const tokenPredicate = z.custom<(token: string | undefined) => boolean>(
  (value) => typeof value === 'function',
);

/** A vAPI error in the place of the response. */
const vapiErrorSchema = z.strictObject({
  /** The `error_type`. `null`, or left out: the error has no type, as those of older services. */
  errorType: z.string().nullish(),
  /** Default: the HTTP status of the error type. */
  status: status.optional(),
  /** Default: one message that names the type. */
  messages: jsonValue.optional(),
  /** Default: none. */
  data: jsonValue.optional(),
  /** Further members of the body, such as `challenge`. */
  members: jsonObject.optional(),
});

/** A vim25 fault in the place of the response. */
const vim25FaultSchema = z.strictObject({
  /** The `_typeName`, such as `HostNotReachable`. Left out: the fault has no type. */
  typeName: z.string().optional(),
  /** Default: 500. */
  status: status.optional(),
  /** Members beside `_typeName`. Default: `faultstring` alone; `undefined` removes that too. */
  members: jsonObject.optional(),
});

const faultShape = {
  /** Default: both APIs. */
  api: z.enum(['vapi', 'vim25']).optional(),
  /** Default: all operations. */
  operation: z.enum(operations).optional(),
  /** The token of the request, or a predicate of it; a request without a token has `undefined`. */
  token: z.union([z.string(), tokenPredicate]).optional(),

  /** The number of requests that the fault applies to. Default: all, until it is cancelled or cleared. */
  times: z.int().min(1).optional(),
  /** Milliseconds after which the fault ends by itself. Default: none. */
  durationMs: milliseconds.optional(),
  /** Milliseconds to wait before responding. */
  latencyMs: milliseconds.optional(),

  /** Any response. Default: status 200, the content type of JSON, no body. */
  response: z
    .strictObject({
      status: status.optional(),
      headers: headers.optional(),
      body: body.optional(),
    })
    .optional(),
  /** A vAPI error: its `error_type`, or an object. */
  vapiError: z.union([z.string(), vapiErrorSchema]).optional(),
  /** A vim25 fault: its `_typeName`, or an object. */
  vim25Fault: z.union([z.string(), vim25FaultSchema]).optional(),
  /**
   * The usual response with these properties replaced, in each element of a list; `undefined` removes a
   * property.
   */
  properties: jsonObject.optional(),
  /** A redirect. Default status: 302. */
  redirect: z
    .strictObject({
      to: z.string().refine((to) => isHeader('location', to), 'expected a valid header value'),
      status: status.optional(),
    })
    .optional(),

  /** Announces the whole body, sends some of it (default: half) and closes the connection. */
  truncated: z.union([z.literal(true), z.strictObject({ afterBytes: z.int().min(0) })]).optional(),
  /** Sends the headers at once and the body in parts. Default: one byte at a time. */
  slow: z.strictObject({ everyMs: milliseconds, bytes: z.int().min(1).optional() }).optional(),
  /** Adds this many spaces to the body, which stays valid JSON. Their length is announced only where `announced` is true. */
  oversized: z
    .strictObject({ bytes: z.int().min(0), announced: z.boolean().optional() })
    .optional(),
  /** Accepts the request and never responds. */
  hang: z.literal(true).optional(),
  /** Resets the connection before the first byte of a response. */
  reset: z.literal(true).optional(),

  /** Compresses the body and sets `Content-Encoding`. */
  encoding: z.enum(['gzip', 'br', 'deflate']).optional(),
};

/** The properties that replace or change the response: a fault has at most one of them. */
const contents = ['response', 'vapiError', 'vim25Fault', 'properties', 'redirect'] as const;

/** The properties that change how the response is sent: a fault has at most one of them. */
const deliveries = ['truncated', 'slow', 'oversized', 'hang', 'reset'] as const;

const effects = [...contents, ...deliveries, 'encoding'] as const;

const faultSchema = z.strictObject(faultShape).check(({ value, issues }) => {
  const report = (message: string) => issues.push({ code: 'custom', message, input: value });
  for (const group of [contents, deliveries]) {
    const given = group.filter((name) => value[name] !== undefined);
    if (given.length > 1) report(`expected one of ${given.join(', ')}, received ${given.length}`);
  }
  if (value.latencyMs === undefined && affectsOnlyTiming(value)) {
    report(`expected at least one of latencyMs, ${effects.join(', ')}`);
  }
});

/** A vAPI error to inject. */
export type VapiErrorFault = z.input<typeof vapiErrorSchema>;

/** A vim25 fault to inject. */
export type Vim25FaultSpec = z.input<typeof vim25FaultSchema>;

/**
 * A failure to inject. It has at most one property that changes the response (`response`, `vapiError`,
 * `vim25Fault`, `properties`, `redirect`) and at most one that changes how it is sent (`truncated`, `slow`,
 * `oversized`, `hang`, `reset`); `latencyMs` and `encoding` combine with any of them.
 *
 * Where a fault replaces the response, the operation is not carried out and the session does not change.
 */
export type Fault = z.input<typeof faultSchema>;

/** The requests that a fault or a barrier applies to. A property that is left out matches every request. */
export type RequestFilter = Pick<Fault, 'api' | 'operation' | 'token'>;

/** Validates a fault. Throws a TypeError that names the property and what was expected. */
export function parseFault(value: unknown): Fault {
  const { success, data, error } = faultSchema.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  const property = issue?.path.join('.') ?? '';
  const reason = issue?.message.replace(/^Invalid input: /, '') ?? 'not a fault';
  throw new TypeError(`Invalid fault${property && ` property ${property}`}: ${reason}.`);
}

/** The same for a fault in JSON, where `response.bodyBase64` holds a body that is not text. */
export function parseJsonFault(value: unknown): Fault {
  if (!isObject(value) || !isObject(value['response'])) return parseFault(value);
  const { bodyBase64, ...response } = value['response'];
  if (typeof bodyBase64 !== 'string') return parseFault(value);
  return parseFault({
    ...value,
    response: { ...response, body: Buffer.from(bodyBase64, 'base64') },
  });
}

/** Whether a filter matches a request. */
export function matches(filter: RequestFilter, route: Route, token: string | undefined): boolean {
  if (filter.api !== undefined && filter.api !== route.api) return false;
  if (filter.operation !== undefined && filter.operation !== route.operation) return false;
  if (filter.token === undefined) return true;
  return typeof filter.token === 'string' ? filter.token === token : filter.token(token);
}

/** Whether a fault does no more than delay. */
export function affectsOnlyTiming(fault: Partial<Fault>): boolean {
  return effects.every((name) => fault[name] === undefined);
}

function areHeaders(value: unknown): boolean {
  return (
    isObject(value) &&
    Object.entries(value).every(([name, text]) => text === undefined || isHeader(name, text))
  );
}

function isHeader(name: string, value: unknown): boolean {
  if (Array.isArray(value)) return value.every((one) => isHeader(name, one));
  if (typeof value !== 'string' && typeof value !== 'number') return false;
  try {
    validateHeaderName(name);
    validateHeaderValue(name, String(value));
    return true;
  } catch {
    return false;
  }
}
