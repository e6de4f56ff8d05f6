import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import { type Fault, parseJsonFault } from '../faults/fault.ts';
import type { FaultRegistry } from '../faults/registry.ts';
import type { Call, CallLog } from './call-log.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { empty, json, type SimulatedResponse } from './response.ts';

const prefix = '/simulator/';

/** Whether a request is for the control API and not for the simulated vCenter. */
export function isControl(url: string): boolean {
  return url.startsWith(prefix);
}

/**
 * The control API, for tests in any language. `/simulator/faults`: GET lists the faults in force, PUT replaces
 * them by one fault or a list, DELETE ends them. `/simulator/calls`: GET lists the latest calls, DELETE clears
 * the log.
 */
export function handleControl(
  method: string,
  url: string,
  body: string,
  { faults, calls }: { faults: FaultRegistry; calls: CallLog },
): SimulatedResponse {
  const [name] = url.slice(prefix.length).split('?');
  switch (`${method} ${name}`) {
    case 'GET faults':
      return json(200, faults.list().map(describeFault));
    case 'PUT faults':
      return replaceFaults(body, faults);
    case 'DELETE faults':
      faults.clear();
      return empty(204);
    case 'GET calls':
      return json(200, calls.latest().map(describeCall));
    case 'DELETE calls':
      calls.clear();
      return empty(204);
  }
  const allow = { faults: 'GET, PUT, DELETE', calls: 'GET, DELETE' }[name ?? ''];
  if (allow === undefined)
    return json(404, { message: 'Use /simulator/faults or /simulator/calls.' });
  return json(405, { message: `Use ${allow} for /simulator/${name}.` }, { allow });
}

function replaceFaults(body: string, faults: FaultRegistry): SimulatedResponse {
  let parsed: Fault[];
  try {
    const given: unknown = JSON.parse(body);
    parsed = (Array.isArray(given) ? given : [given]).map(parseJsonFault);
  } catch (error) {
    const message =
      error instanceof TypeError
        ? error.message
        : 'Expected a fault, or a list of faults, in JSON.';
    return json(400, { message });
  }
  faults.clear();
  for (const fault of parsed) faults.inject(fault);
  return json(200, faults.list().map(describeFault));
}

function describeFault({ fault, used }: { fault: Fault; used: number }): JsonValue {
  const { token, response, ...rest } = fault;
  return {
    ...(rest as JsonObject),
    token: typeof token === 'function' ? 'function' : digest(token),
    response: response && describeResponse(response),
    used,
  };
}

function describeResponse({ status, headers, body }: NonNullable<Fault['response']>): JsonObject {
  const content =
    body instanceof Uint8Array ? { bodyBase64: Buffer.from(body).toString('base64') } : { body };
  return { status, headers: headers as JsonObject | undefined, ...content };
}

const secretHeaders: ReadonlySet<string> = new Set([
  'vmware-api-session-id',
  'authorization',
  'proxy-authorization',
  'cookie',
]);

function describeCall({ headers, token, ...call }: Call): JsonObject {
  const safe = Object.entries(headers).map(([name, value]) => [
    name,
    secretHeaders.has(name) ? digest(String(value)) : value,
  ]);
  return { ...call, headers: Object.fromEntries(safe) as JsonObject, token: digest(token) };
}

/** Distinguishes secrets without showing them. */
function digest(secret: string | undefined): string | undefined {
  if (secret === undefined) return undefined;
  return `sha256:${hash('sha256', secret).slice(0, 16)}`;
}
