import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { Fault } from '../faults/fault.ts';
import { validateFault } from '../faults/fault-rules.ts';
import type { FaultRegistry } from '../faults/registry.ts';
import type { Call, CallLog } from './call-log.ts';
import { isObject, type JsonObject, type JsonValue } from './json.ts';
import { empty, json, type SimulatedResponse } from './response.ts';

const PREFIX = '/simulator/';

/** Whether a request is for the simulator itself and not for the vCenter that it plays. */
export function isControl(url: string): boolean {
  return url.startsWith(PREFIX);
}

/**
 * The simulator's own HTTP interface, for tests in other languages. `/simulator/faults`: GET lists the faults in
 * force, PUT takes one fault or a list in place of all, DELETE ends all. `/simulator/calls`: GET lists the
 * latest calls, DELETE forgets them.
 */
export function handleControl(
  method: string,
  url: string,
  body: string,
  books: { faults: FaultRegistry; calls: CallLog },
): SimulatedResponse {
  const [name] = url.slice(PREFIX.length).split('?');
  switch (`${method} ${name}`) {
    case 'GET faults':
      return json(200, listFaults(books.faults));
    case 'PUT faults':
      return putFaults(body, books.faults);
    case 'DELETE faults':
      books.faults.clear();
      return empty(204);
    case 'GET calls':
      return json(200, books.calls.latest().map(describeCall));
    case 'DELETE calls':
      books.calls.clear();
      return empty(204);
  }
  if (name === 'faults')
    return refuse(405, 'Faults take GET, PUT and DELETE.', { allow: 'GET, PUT, DELETE' });
  if (name === 'calls') return refuse(405, 'Calls take GET and DELETE.', { allow: 'GET, DELETE' });
  return refuse(404, 'There are /simulator/faults and /simulator/calls.');
}

function refuse(
  status: number,
  message: string,
  headers: Record<string, string> = {},
): SimulatedResponse {
  return json(status, { message }, headers);
}

function listFaults(faults: FaultRegistry): JsonValue {
  return faults.list().map(({ fault, used }) => {
    const { token, answer, ...rest } = fault;
    return {
      ...(rest as JsonObject),
      token: typeof token === 'function' ? 'function' : digest(token),
      answer: answer === undefined ? undefined : describeAnswer(answer),
      used,
    };
  });
}

function describeAnswer({ status, headers, body }: NonNullable<Fault['answer']>): JsonObject {
  const isText = body === undefined || typeof body === 'string';
  return {
    status,
    headers: headers as JsonObject | undefined,
    body: isText ? body : undefined,
    bodyBase64: isText ? undefined : Buffer.from(body).toString('base64'),
  };
}

function putFaults(body: string, faults: FaultRegistry): SimulatedResponse {
  let given: unknown;
  try {
    given = JSON.parse(body);
  } catch {
    return refuse(400, 'A fault, or a list of faults, in JSON is wanted; this is not JSON.');
  }
  const read: Fault[] = [];
  for (const one of Array.isArray(given) ? given : [given]) {
    const fault = isObject(one) ? decodeBody(one) : one;
    const complaint = validateFault(fault);
    if (complaint !== undefined) return refuse(400, complaint);
    read.push(fault as Fault);
  }
  faults.clear();
  for (const fault of read) faults.inject(fault);
  return json(200, listFaults(faults));
}

/** JSON has no bytes, so a body that is no text comes as `bodyBase64`. */
function decodeBody(fault: Record<string, unknown>): unknown {
  const { answer } = fault;
  if (!isObject(answer)) return fault;
  const { bodyBase64, ...rest } = answer;
  if (typeof bodyBase64 !== 'string') return fault;
  return { ...fault, answer: { ...rest, body: Buffer.from(bodyBase64, 'base64') } };
}

const SECRET_HEADERS: ReadonlySet<string> = new Set([
  'vmware-api-session-id',
  'authorization',
  'proxy-authorization',
  'cookie',
]);

function describeCall(call: Call): JsonObject {
  const headers: Record<string, JsonValue | undefined> = {};
  for (const [name, value] of Object.entries(call.headers)) {
    headers[name] = SECRET_HEADERS.has(name) ? digest(String(value)) : value;
  }
  const { api, operation, method, path, at, state } = call;
  return { api, operation, method, path, headers, token: digest(call.token), at, state };
}

/** Tells secrets apart without telling them. */
function digest(secret: string | undefined): string | undefined {
  if (secret === undefined) return undefined;
  return `sha256:${createHash('sha256').update(secret).digest('hex').slice(0, 16)}`;
}
