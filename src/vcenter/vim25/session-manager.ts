/** vim25's side of sessions, over VI/JSON: `SessionManager`'s properties. */
import type { z } from 'zod';
import { VCenterError } from '../../errors/vcenter-error.ts';
import { type Credentials, requestHeaders } from '../credentials.ts';
import type { UpstreamResponse } from '../transport/buffered-request.ts';
import { InvalidResponseError } from '../transport/errors.ts';
import { parseResponse } from '../transport/parse-response.ts';
import { vim25Error } from './fault.ts';
import { type UserSession, userSession, userSessionList } from './schemas.ts';

/** vCenter has 3,000 sessions at most by default; this leaves room for three times as many. */
const maxSessionListBytes = 4 * 1024 * 1024;

/**
 * Reads `SessionManager.currentSession`, the caller's own session.
 *
 * @throws VCenterError - `UNAUTHENTICATED` where the caller is not logged on.
 */
export function getCurrentSession(credentials: Credentials): Promise<UserSession> {
  return getProperty(credentials, 'currentSession', userSession);
}

/**
 * Reads `SessionManager.sessionList`, everyone's sessions. It takes the privilege Sessions.TerminateSession.
 *
 * @throws VCenterError - `UNAUTHENTICATED` where the caller is not logged on, `FORBIDDEN` without the
 * privilege.
 */
export function getSessionList(credentials: Credentials): Promise<UserSession[]> {
  return getProperty(credentials, 'sessionList', userSessionList, maxSessionListBytes);
}

async function getProperty<Shape extends z.ZodType>(
  credentials: Credentials,
  property: string,
  shape: Shape,
  maxBodyBytes?: number,
): Promise<z.output<Shape>> {
  const { vcenter } = credentials;
  const release = await vcenter.release();
  const response = await vcenter.transport.call({
    api: 'vim25',
    method: 'GET',
    path: `/sdk/vim25/${release}/SessionManager/${encodeURIComponent(vcenter.sessionManager)}/${property}`,
    headers: requestHeaders(credentials),
    ...(maxBodyBytes !== undefined && { maxBodyBytes }),
  });
  if (isUnset(response)) throw new VCenterError(vcenter.id, 'vim25', 'UNAUTHENTICATED');
  if (response.status !== 200) throw vim25Error(credentials, response);
  const value = parseResponse(shape, response);
  if (value instanceof InvalidResponseError) throw vim25Error(credentials, response, value);
  return value;
}

/** Whether a property has no value, in whichever form: an empty answer or JSON's null. */
function isUnset({ status, body }: UpstreamResponse): boolean {
  if (status === 204) return true;
  const text = status === 200 ? body?.trim() : undefined;
  return text === '' || text === 'null';
}
