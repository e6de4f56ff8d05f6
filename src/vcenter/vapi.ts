/** vAPI's side of a session: `GET /api/session`, and vAPI's errors. */
import { codeByErrorType, codeOfStatus } from '../errors/catalogue.ts';
import { VCenterError } from '../errors/vcenter-error.ts';
import { attempt } from './attempt.ts';
import { type Caller, headersOf, secretOf } from './caller.ts';
import { parseJson, parseVerbatim } from './json.ts';
import { redact } from './redact.ts';
import {
  localizableMessage,
  type SessionInfo,
  sessionInfo,
  stdError,
  transientIndication,
} from './shapes.ts';
import type { UpstreamResponse } from './transport.ts';
import type { VCenter } from './vcenter.ts';

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
  if (response.status !== 200) throw vapiError(vcenter, secretOf(caller), response);
  const info = sessionInfo.safeParse(attempt(() => parseJson(response.body)));
  if (info.success) return info.data;
  throw new VCenterError(vcenter.id, 'vapi', 'BAD_UPSTREAM_RESPONSE', { cause: info.error });
}

/**
 * The error that an answer of vAPI other than a success stands for.
 *
 * @param secret - what must not come back out of the upstream's words.
 */
export function vapiError(
  vcenter: VCenter,
  secret: string,
  { status, body }: UpstreamResponse,
): VCenterError {
  const parsed = stdError.safeParse(attempt(() => parseVerbatim(body))).data;
  const code =
    typeof parsed?.error_type === 'string'
      ? (codeByErrorType.get(parsed.error_type) ?? 'UPSTREAM_ERROR')
      : codeOfStatus(status);
  if (parsed === undefined || Object.values(parsed).every((member) => member === undefined))
    return new VCenterError(vcenter.id, 'vapi', code);
  const error = redact(parsed, secret);
  const message = localizableMessage.safeParse(error.messages?.[0]).data;
  return new VCenterError(vcenter.id, 'vapi', code, {
    message: message?.localized || message?.default_message,
    error,
    transient: transientIndication.safeParse(parsed.data).success,
  });
}
