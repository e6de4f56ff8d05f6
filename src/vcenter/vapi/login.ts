/** Logging in and out, for GraphiQL's dialog. Nothing else in this subgraph creates a session. */
import { callApi } from '../call-api.ts';
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
 * Creates a session: `POST /api/session`, once.
 *
 * @param acceptLanguage - of the user, so that the vCenter's errors come localized.
 * @returns the session's token.
 * @throws VCenterError - `UNAUTHENTICATED`, with vCenter's own message, where user name and password do not match.
 */
export async function logIn(
  vcenter: VCenter,
  credentials: UserNameAndPassword,
  acceptLanguage?: string,
): Promise<string> {
  const { userName, password } = credentials;
  const basic = Buffer.from(`${userName}:${password}`).toString('base64');
  return callApi(
    vcenter.transport,
    {
      api: 'vapi',
      method: 'POST',
      path: '/api/session',
      headers: {
        authorization: `Basic ${basic}`,
        ...(acceptLanguage !== undefined && { 'accept-language': acceptLanguage }),
      },
    },
    {
      schema: sessionToken,
      statuses: [200, 201],
      createError: (response, problem) =>
        vapiError({ vcenter, secrets: [basic, password] }, response, problem),
    },
  );
}

/**
 * Ends a session: `DELETE /api/session`. A session that the vCenter does not know any more counts as ended.
 *
 * @throws VCenterError where the vCenter does not end it.
 */
export async function logOut(vcenter: VCenter, token: string): Promise<void> {
  const response = await vcenter.transport.call({
    api: 'vapi',
    method: 'DELETE',
    path: '/api/session',
    headers: { 'vmware-api-session-id': token },
  });
  if (response.status === 200 || response.status === 204 || response.status === 401) return;
  throw vapiError({ vcenter, secrets: [token] }, response);
}
