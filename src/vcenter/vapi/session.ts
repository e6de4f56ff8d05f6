/** vAPI's side of a session: `GET /api/session`. */
import { type Credentials, extractSecret, requestHeaders } from '../credentials.ts';
import { InvalidResponseError } from '../transport/errors.ts';
import { parseResponse } from '../transport/parse-response.ts';
import { vapiError } from './error.ts';
import { type SessionInfo, sessionInfo } from './schemas.ts';

/**
 * Reads the caller's session. It may move the session's last accessed time.
 *
 * @throws VCenterError - `UNAUTHENTICATED` where the caller is not logged on.
 */
export async function getSession(credentials: Credentials): Promise<SessionInfo> {
  const { vcenter } = credentials;
  const response = await vcenter.transport.call({
    api: 'vapi',
    method: 'GET',
    path: '/api/session',
    headers: requestHeaders(credentials),
  });
  if (response.status !== 200)
    throw vapiError({ vcenter, secrets: [extractSecret(credentials)] }, response);
  const info = parseResponse(sessionInfo, response);
  if (info instanceof InvalidResponseError)
    throw vcenter.fail('vapi', 'BAD_UPSTREAM_RESPONSE', info);
  return info;
}
