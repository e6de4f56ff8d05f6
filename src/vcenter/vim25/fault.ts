import { codeByFault, codeFromStatus } from '../../errors/catalogue.ts';
import { VCenterError } from '../../errors/vcenter-error.ts';
import { type Credentials, extractSecret } from '../credentials.ts';
import { errorFromStatus } from '../error-factory.ts';
import type { UpstreamResponse } from '../transport/call.ts';
import type { InvalidResponseError } from '../transport/errors.ts';
import { parseError } from '../transport/parse-response.ts';
import { sanitizeUpstreamError } from '../transport/redact.ts';
import { faultMessages, type Vim25FaultShape, vim25Fault } from './schemas.ts';

/**
 * The error of a response of vim25 that has no declared value. A property without a value means that the
 * credentials are not logged in.
 *
 * @param problem - what is wrong with the value of a success.
 */
export function vim25Error(
  credentials: Credentials,
  response: UpstreamResponse,
  problem?: InvalidResponseError,
): VCenterError {
  const { vcenter } = credentials;
  if (isUnset(response)) return new VCenterError(vcenter.id, 'vim25', 'UNAUTHENTICATED');
  const upstreamFault = parseError(vim25Fault, response);
  if (upstreamFault === undefined || !isFault(upstreamFault, response.status))
    return problem
      ? vcenter.fail('vim25', 'BAD_UPSTREAM_RESPONSE', problem)
      : errorFromStatus(vcenter, 'vim25', codeFromStatus(response.status), response.status);
  const fault = sanitizeUpstreamError(upstreamFault, [extractSecret(credentials)]);
  const [localized] = faultMessages.safeParse(fault?.faultMessage).data ?? [];
  const faultstring = typeof fault?.faultstring === 'string' ? fault.faultstring : undefined;
  const code = codeByFault.get(upstreamFault._typeName) ?? 'UPSTREAM_ERROR';
  return new VCenterError(vcenter.id, 'vim25', code, {
    message: localized?.message || faultstring,
    fault,
  });
}

/**
 * A fault is identified by its `_typeName`, whatever its status. Where that name is unknown, a
 * success needs one of a fault's own properties beside it: else it is just a value of the wrong type.
 */
function isFault(object: Vim25FaultShape, status: number): boolean {
  if (object._typeName === 'UserSession') return false;
  if (status !== 200 || codeByFault.has(object._typeName)) return true;
  return ['faultMessage', 'faultCause', 'faultstring'].some((property) => property in object);
}

/** Whether a property has no value, in whichever form: an empty body or JSON's null. */
export function isUnset({ status, body }: UpstreamResponse): boolean {
  if (status === 204) return true;
  const text = status === 200 ? body?.trim() : undefined;
  return text === '' || text === 'null';
}
