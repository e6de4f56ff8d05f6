/** vim25's side of sessions, over VI/JSON: `SessionManager`'s properties, and vim25's faults. */
import type { z } from 'zod';
import { codeByFault, codeOfStatus } from '../errors/catalogue.ts';
import { VCenterError } from '../errors/vcenter-error.ts';
import { attempt } from './attempt.ts';
import { type Caller, headersOf, secretOf } from './caller.ts';
import { parseJson, parseVerbatim } from './json.ts';
import { redact } from './redact.ts';
import {
  faultMessages,
  type UserSession,
  userSession,
  userSessionList,
  vim25Fault,
} from './shapes.ts';
import type { UpstreamResponse } from './transport.ts';

/** vCenter has 3,000 sessions at most by default; this leaves room for five times as many. */
const maxSessionListBytes = 8 * 1024 * 1024;

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
  const value = shape.safeParse(attempt(() => parseJson(response.body)));
  if (value.success) return value.data;
  throw vim25Error(caller, response);
}

/** Whether a property has no value, in whichever form: an empty answer or JSON's null. */
function isUnset({ status, body }: UpstreamResponse): boolean {
  if (status === 204) return true;
  if (status !== 200 || body.length > 16) return false;
  const text = body.trim();
  return text === '' || text === 'null';
}

/** The error that an answer of vim25 other than the declared value stands for. */
function vim25Error(caller: Caller, { status, body }: UpstreamResponse): VCenterError {
  const { vcenter } = caller;
  const parsed = vim25Fault.safeParse(attempt(() => parseVerbatim(body))).data;
  if (parsed === undefined || !isFault(parsed, status))
    return new VCenterError(vcenter.id, 'vim25', codeOfStatus(status));
  const fault = redact(parsed, secretOf(caller));
  const [localized] = faultMessages.safeParse(fault.faultMessage).data ?? [];
  const faultstring = typeof fault.faultstring === 'string' ? fault.faultstring : undefined;
  return new VCenterError(
    vcenter.id,
    'vim25',
    codeByFault.get(parsed._typeName) ?? 'UPSTREAM_ERROR',
    {
      message: localized?.message || faultstring,
      fault,
    },
  );
}

/**
 * A fault is told apart by its `_typeName`, whatever its status. Where that name is not known here, a
 * success needs one of a fault's own properties beside it: else it is just a value of the wrong type.
 */
function isFault(object: z.output<typeof vim25Fault>, status: number): boolean {
  if (object._typeName === 'UserSession') return false;
  if (status !== 200 || codeByFault.has(object._typeName)) return true;
  return ['faultMessage', 'faultCause', 'faultstring'].some((property) => property in object);
}
