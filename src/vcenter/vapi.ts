/** vAPI's side of a session: `GET /api/session`. */
import { type Caller, headersOf, secretOf } from './caller.ts';
import { readValue } from './read.ts';
import { type SessionInfo, sessionInfo } from './shapes.ts';
import { UndeclaredResponse } from './transport-errors.ts';
import { vapiError } from './vapi-error.ts';

/**
 * Reads the caller's session. It may move the session's last accessed time.
 *
 * @throws VCenterError - `UNAUTHENTICATED` where the caller is not logged on.
 */
export async function getSession(caller: Caller): Promise<SessionInfo> {
  const { vcenter } = caller;
  const response = await vcenter.transport.call({
    api: 'vapi',
    method: 'GET',
    path: '/api/session',
    headers: headersOf(caller),
  });
  if (response.status !== 200) throw vapiError({ vcenter, secrets: [secretOf(caller)] }, response);
  const info = readValue(sessionInfo, response);
  if (info instanceof UndeclaredResponse) throw vcenter.fail('vapi', 'BAD_UPSTREAM_RESPONSE', info);
  return info;
}
