/** Signing in and out: what GraphiQL's sign-in does. Nothing else in this subgraph makes a session. */

import { InvalidResponseError } from '../transport/errors.ts';
import { parseResponse } from '../transport/parse-response.ts';
import type { VCenter } from '../vcenter.ts';
import { vapiError } from './error.ts';
import { sessionToken } from './schemas.ts';

/** A user's own credentials. They are used for one call and kept nowhere. */
export interface UserNameAndPassword {
  /** Without a colon, as HTTP's Basic scheme has it. */
  readonly userName: string;
  readonly password: string;
}

/**
 * Makes a session: `POST /api/session`, once.
 *
 * @param acceptLanguage - of the user, so that the vCenter's refusal comes localized.
 * @returns the session's token.
 * @throws VCenterError - `UNAUTHENTICATED`, with vCenter's own message, where user and password don't match.
 */
export async function logIn(
  vcenter: VCenter,
  credentials: UserNameAndPassword,
  acceptLanguage?: string,
): Promise<string> {
  const { userName, password } = credentials;
  const basic = Buffer.from(`${userName}:${password}`).toString('base64');
  const response = await vcenter.transport.call({
    api: 'vapi',
    method: 'POST',
    path: '/api/session',
    headers: {
      accept: 'application/json',
      authorization: `Basic ${basic}`,
      ...(acceptLanguage !== undefined && { 'accept-language': acceptLanguage }),
    },
  });
  if (response.status !== 200 && response.status !== 201)
    throw vapiError({ vcenter, secrets: [basic, password] }, response);
  const token = parseResponse(sessionToken, response);
  if (token instanceof InvalidResponseError)
    throw vcenter.fail('vapi', 'BAD_UPSTREAM_RESPONSE', token);
  return token;
}

/**
 * Ends a session: `DELETE /api/session`. A session that the vCenter does not know any more counts as ended.
 *
 * @throws VCenterError where the vCenter refuses or does not answer.
 */
export async function logOut(vcenter: VCenter, token: string): Promise<void> {
  const response = await vcenter.transport.call({
    api: 'vapi',
    method: 'DELETE',
    path: '/api/session',
    headers: { accept: 'application/json', 'vmware-api-session-id': token },
  });
  if (response.status === 200 || response.status === 204 || response.status === 401) return;
  throw vapiError({ vcenter, secrets: [token] }, response);
}
