/** vim25's side of sessions, over VI/JSON: `SessionManager`'s properties. */
import type { z } from 'zod';
import { VCenterError } from '../errors/vcenter-error.ts';
import { type Caller, headersOf } from './caller.ts';
import { readValue } from './read.ts';
import { type UserSession, userSession, userSessionList } from './shapes.ts';
import type { UpstreamResponse } from './transport.ts';
import { UndeclaredResponse } from './transport-errors.ts';
import { vim25Error } from './vim25-error.ts';

/** vCenter has 3,000 sessions at most by default; this leaves room for three times as many. */
const maxSessionListBytes = 4 * 1024 * 1024;

/**
 * Reads `SessionManager.currentSession`, the caller's own session.
 *
 * @throws VCenterError - `UNAUTHENTICATED` where the caller is not logged on.
 */
export function getCurrentSession(caller: Caller): Promise<UserSession> {
  return getProperty(caller, 'currentSession', userSession);
}

/**
 * Reads `SessionManager.sessionList`, everyone's sessions. It takes the privilege Sessions.TerminateSession.
 *
 * @throws VCenterError - `UNAUTHENTICATED` where the caller is not logged on, `FORBIDDEN` without the
 * privilege.
 */
export function getSessionList(caller: Caller): Promise<UserSession[]> {
  return getProperty(caller, 'sessionList', userSessionList, maxSessionListBytes);
}

async function getProperty<Shape extends z.ZodType>(
  caller: Caller,
  property: string,
  shape: Shape,
  maxBodyBytes?: number,
): Promise<z.output<Shape>> {
  const { vcenter } = caller;
  const release = await vcenter.release();
  const response = await vcenter.transport.call({
    api: 'vim25',
    method: 'GET',
    path: `/sdk/vim25/${release}/SessionManager/${encodeURIComponent(vcenter.sessionManager)}/${property}`,
    headers: headersOf(caller),
    ...(maxBodyBytes !== undefined && { maxBodyBytes }),
  });
  if (isUnset(response)) throw new VCenterError(vcenter.id, 'vim25', 'UNAUTHENTICATED');
  if (response.status !== 200) throw vim25Error(caller, response);
  const value = readValue(shape, response);
  if (value instanceof UndeclaredResponse) throw vim25Error(caller, response, value);
  return value;
}

/** Whether a property has no value, in whichever form: an empty answer or JSON's null. */
function isUnset({ status, body }: UpstreamResponse): boolean {
  if (status === 204) return true;
  const text = status === 200 ? body?.trim() : undefined;
  return text === '' || text === 'null';
}
