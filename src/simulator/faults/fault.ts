import type { OutgoingHttpHeaders } from 'node:http';
import type { Api, Operation, Route } from '../apis/routes.ts';
import type { VapiErrorFault } from '../apis/vapi-errors.ts';
import type { Vim25FaultSpec } from '../apis/vim25-faults.ts';
import type { JsonObject } from '../http/json.ts';

/** Says which requests are meant. What is left out is not looked at. */
export interface RequestFilter {
  api?: Api;
  operation?: Operation;
  /** The token of the request, or a test of it; the token is undefined where the request has none. */
  token?: string | ((token: string | undefined) => boolean);
}

/**
 * Something that goes wrong. It may say when the answer comes (`latencyMs`), what it says (one of `answer`,
 * `vapiError`, `vim25Fault`, `properties`, `redirect`), how it is sent (one of `cut`, `drip`, `huge`, `hang`,
 * `reset`), and how it is packed (`encoding`): one of each at most, in any combination.
 *
 * An ordered answer stands in for the operation, which is then not carried out: the session does not move.
 */
export interface Fault extends RequestFilter {
  /** For how many requests. Default: all, until the fault is cancelled or cleared. */
  times?: number;
  /** Milliseconds to wait before answering. */
  latencyMs?: number;

  /** Any answer at all. Default: status 200, JSON's content type, no body. */
  answer?: { status?: number; headers?: OutgoingHttpHeaders; body?: string | Uint8Array };
  /** A vAPI error: its `error_type`, or more than that. */
  vapiError?: string | VapiErrorFault;
  /** A vim25 fault: its `_typeName`, or more than that. */
  vim25Fault?: string | Vim25FaultSpec;
  /**
   * The usual answer with these properties in the place of its own, in each element where it is a list: a value
   * of the wrong type, or `undefined` for a property that is missing.
   */
  properties?: JsonObject;
  /** A redirect. Default status: 302. */
  redirect?: { to: string; status?: number };

  /** Promises the whole body, sends some of it (default: half) and closes the connection. */
  cut?: true | { afterBytes: number };
  /** Sends the headers at once and the body bit by bit. Default: one byte at a time. */
  drip?: { everyMs: number; bytes?: number };
  /** Blanks after the body, which leave JSON what it is. Their length is announced only where `announced` is true. */
  huge?: { bytes: number; announced?: boolean };
  /** Never answers. */
  hang?: true;
  /** Resets the connection before any byte of an answer. */
  reset?: true;

  /** Compresses the body and says so. */
  encoding?: 'gzip' | 'br' | 'deflate';
}

/** The properties that say what is answered: a fault has one of them at most. */
export const CONTENTS = ['answer', 'vapiError', 'vim25Fault', 'properties', 'redirect'] as const;

/** The properties that say how it is sent: one of them at most. */
export const DELIVERIES = ['cut', 'drip', 'huge', 'hang', 'reset'] as const;

/** Whether a request is among those that a filter means. */
export function matches(filter: RequestFilter, route: Route, token: string | undefined): boolean {
  if (filter.api !== undefined && filter.api !== route.api) return false;
  if (filter.operation !== undefined && filter.operation !== route.operation) return false;
  if (filter.token === undefined) return true;
  return typeof filter.token === 'string' ? filter.token === token : filter.token(token);
}

/** Whether a fault does no more than delay. */
export function affectsOnlyTiming(fault: Fault): boolean {
  const names: readonly (keyof Fault)[] = [...CONTENTS, ...DELIVERIES, 'encoding'];
  return names.every((name) => fault[name] === undefined);
}
