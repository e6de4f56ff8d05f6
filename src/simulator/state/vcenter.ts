import type { IncomingHttpHeaders } from 'node:http';
import type { Language } from '../apis/messages.ts';
import type { Sessions } from './sessions.ts';
import type { Users } from './users.ts';

/**
 * The forms of vim25's "not authenticated" response to `currentSession`: `200` with `null`; `204`; `200` with an
 * empty body; `500` with the fault NotAuthenticated; `401` with that fault; `401` without a body.
 */
export const vim25NotAuthenticatedForms = [
  'null',
  'noContent',
  'empty',
  'fault',
  'unauthorized',
  'unauthorizedEmpty',
] as const;

/** The forms of vAPI's: `401` with a Std_Errors_Error, with an empty body, or with a proxy's HTML page. */
export const vapiNotAuthenticatedForms = ['error', 'empty', 'html'] as const;

export type Vim25NotAuthenticated = (typeof vim25NotAuthenticatedForms)[number];
export type VapiNotAuthenticated = (typeof vapiNotAuthenticatedForms)[number];

/** The state of a simulated vCenter. */
export interface VCenter {
  readonly sessions: Sessions;
  readonly users: Users;
  readonly releases: readonly string[];
  readonly sessionManager: string;
  readonly instanceUuid: string;
  readonly clock: () => number;
  readonly notAuthenticated: { vim25: Vim25NotAuthenticated; vapi: VapiNotAuthenticated };
}

/** The parts of a request that operations use. */
export interface OperationRequest {
  readonly headers: IncomingHttpHeaders;
  readonly token: string | undefined;
  readonly language: Language | undefined;
  readonly remoteAddress: string;
  readonly body: string;
}

/** The header of a session's token, in requests and responses. */
export const tokenHeader = 'vmware-api-session-id';
