/** vAPI's part of a session: `GET /api/session`. */
import { callApi } from '../call-api.ts';
import { type Credentials, extractSecret, requestHeaders } from '../credentials.ts';
import { vapiError } from './error.ts';
import { type SessionInfo, sessionInfo } from './schemas.ts';

/**
 * Reads the session of the credentials. The vCenter may move its last accessed time.
 *
 * @param signal - cancels the call.
 * @throws VCenterError - `UNAUTHENTICATED` where the credentials are not logged in.
 */
export function getSession(credentials: Credentials, signal?: AbortSignal): Promise<SessionInfo> {
  const { vcenter } = credentials;
  return callApi(
    vcenter.transport,
    {
      api: 'vapi',
      method: 'GET',
      path: '/api/session',
      headers: requestHeaders(credentials),
      request: credentials.request,
    },
    {
      schema: sessionInfo,
      createError: (response, problem) =>
        vapiError({ vcenter, secrets: [extractSecret(credentials)] }, response, problem),
    },
    signal,
  );
}
