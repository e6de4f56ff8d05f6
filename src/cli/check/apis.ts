import { helloResult, sessionInfo } from '../../vcenter/vapi/schemas.ts';
import type { VCenterOptions } from '../../vcenter/vcenter.ts';
import { isUnset } from '../../vcenter/vim25/fault.ts';
import { firstRelease, supportedReleases } from '../../vcenter/vim25/release.ts';
import { userSession, vim25Fault } from '../../vcenter/vim25/schemas.ts';
import type { CheckClient, CheckResponse } from './client.ts';
import { failed, ok, type StepResult, warning } from './report.ts';

/** `Date` has whole seconds, and a response takes a while. */
const maxClockDifferenceMs = 5000;

const notVCenter = 'Check that the url is that of a vCenter, 8.0 U1 or newer, without a path.';

/** Negotiates the release. Its value is what vim25 is called with. */
export async function checkRelease(
  client: CheckClient,
  { release }: VCenterOptions,
): Promise<StepResult & { readonly release: string }> {
  const isAuto = release === 'auto';
  const response = await client.call('POST', '/api/vcenter/system?action=hello', {
    body: { api_releases: isAuto ? supportedReleases : [release] },
  });
  if (response.status === 404) {
    if (isAuto || release === firstRelease)
      return { ...ok(`${firstRelease}: the vCenter has no hello`), release: firstRelease };
    const action = `Set release (VCENTER_RELEASE) to ${firstRelease} or auto.`;
    return { ...failed('the vCenter has no hello, as before 8.0 U2', action), release };
  }
  const negotiated = helloResult.safeParse(response.json).data?.api_release;
  if (response.status !== 200 || negotiated === undefined)
    return { ...failed(unexpected(response), notVCenter), release };
  if (negotiated !== '')
    return { ...ok(isAuto ? `${negotiated}, negotiated` : negotiated), release: negotiated };
  const action = isAuto
    ? 'This vCenter supports no release that this version knows. Update vcenter-session-subgraph.'
    : 'Set release (VCENTER_RELEASE) to auto, or to a release that the vCenter supports.';
  return { ...failed(`the vCenter does not support ${isAuto ? 'any' : release}`, action), release };
}

/** Reads vAPI's session, with the token where there is one. */
export async function checkVapi(
  client: CheckClient,
  token: string | undefined,
): Promise<StepResult & { readonly response: CheckResponse }> {
  const response = await client.call('GET', '/api/session', { token });
  return { ...judgeVapi(response, token !== undefined), response };
}

function judgeVapi(response: CheckResponse, hasToken: boolean): StepResult {
  if (response.status === 401)
    return hasToken ? invalidToken : ok('responds, not authenticated without a token');
  const session = sessionInfo.safeParse(response.json).data;
  if (response.status === 200 && hasToken && session !== undefined)
    return ok(`session of ${session.user}`);
  return failed(unexpected(response), notVCenter);
}

/** Reads vim25's session, with the token where there is one. */
export async function checkVim25(
  client: CheckClient,
  { sessionManager }: VCenterOptions,
  release: string,
  token: string | undefined,
): Promise<StepResult> {
  const path = `/sdk/vim25/${release}/SessionManager/${encodeURIComponent(sessionManager)}/currentSession`;
  const response = await client.call('GET', path, { token });
  if (isNotAuthenticated(response))
    return token === undefined ? ok('responds, not authenticated without a token') : invalidToken;
  const session = userSession.safeParse(response.json).data;
  if (response.status === 200 && token !== undefined && session !== undefined)
    return ok(`session of ${session.userName}`);
  return failed(
    unexpected(response),
    'Set release (VCENTER_RELEASE) to auto, and check sessionManager (VCENTER_SESSION_MANAGER).',
  );
}

/** Compares the vCenter's clock with this machine's. */
export function checkClock({ clockDifferenceMs: ms }: CheckResponse): StepResult {
  if (ms === undefined) return warning('the response has no Date', 'Compare the clocks by hand.');
  const seconds = Math.round(Math.abs(ms) / 1000);
  const detail = `${seconds} s ${ms < 0 ? 'behind' : 'ahead of'} this machine`;
  if (Math.abs(ms) <= maxClockDifferenceMs) return ok(`within ${maxClockDifferenceMs / 1000} s`);
  return warning(
    detail,
    'Synchronize both clocks with NTP. Times of sessions and lifetimes of certificates depend on them.',
  );
}

const invalidToken = failed(
  'the token is not authenticated',
  'Log in again for a new token (POST /api/session). Up to 8.0 U2, vAPI and vim25 have tokens of their own.',
);

function isNotAuthenticated({ status, body, json }: CheckResponse): boolean {
  if (isUnset({ status, body })) return true;
  return status === 401 || vim25Fault.safeParse(json).data?._typeName === 'NotAuthenticated';
}

function unexpected({ status, json }: CheckResponse): string {
  return `unexpected response: status ${status}${json === undefined ? ', not JSON' : ''}`;
}
