import type { IncomingHttpHeaders } from 'node:http';
import type { Language } from '../apis/messages.ts';
import type { Sessions } from './sessions.ts';
import type { Users } from './users.ts';

/**
 * How vim25 says that nobody is logged on, on `currentSession`: `200` with `null`; `204`; `200` with an empty
 * body; `500` with the fault NotAuthenticated; `401` with that fault; `401` without a body.
 */
export type Vim25NotAuthenticated =
  | 'null'
  | 'noContent'
  | 'empty'
  | 'fault'
  | 'unauthorized'
  | 'unauthorizedEmpty';

/** How vAPI says it: `401` with a Std_Errors_Error, with an empty body, or with a proxy's HTML page. */
export type VapiNotAuthenticated = 'error' | 'empty' | 'html';

/** All of vim25's ways to say it. */
export const VIM25_NOT_AUTHENTICATED: readonly Vim25NotAuthenticated[] = [
  'null',
  'noContent',
  'empty',
  'fault',
  'unauthorized',
  'unauthorizedEmpty',
];

/** All of vAPI's ways to say it. */
export const VAPI_NOT_AUTHENTICATED: readonly VapiNotAuthenticated[] = ['error', 'empty', 'html'];

/** What the operations of both APIs work on. */
export interface VCenter {
  readonly sessions: Sessions;
  readonly users: Users;
  readonly releases: readonly string[];
  readonly sessionManager: string;
  readonly instanceUuid: string;
  readonly clock: () => number;
  readonly notAuthenticated: { vim25: Vim25NotAuthenticated; vapi: VapiNotAuthenticated };
}

/** What an operation needs of a request. */
export interface OperationRequest {
  readonly headers: IncomingHttpHeaders;
  readonly token: string | undefined;
  readonly language: Language | undefined;
  readonly remoteAddress: string;
  readonly body: string;
}

/** The header that carries a session's token, to the vCenter and back. */
export const TOKEN_HEADER = 'vmware-api-session-id';
