import { codeByFault, codeOfStatus } from '../errors/catalogue.ts';
import { VCenterError } from '../errors/vcenter-error.ts';
import { type Caller, secretOf } from './caller.ts';
import { wordlessError } from './failures.ts';
import { readError } from './read.ts';
import { wordsForClients } from './redact.ts';
import { faultMessages, type Vim25FaultShape, vim25Fault } from './shapes.ts';
import type { UpstreamResponse } from './transport.ts';
import type { UndeclaredResponse } from './transport-errors.ts';

/**
 * The error that an answer of vim25 other than the declared value stands for.
 *
 * @param problem - what is wrong with the value of a success.
 */
export function vim25Error(
  caller: Caller,
  response: UpstreamResponse,
  problem?: UndeclaredResponse,
): VCenterError {
  const { vcenter } = caller;
  const said = readError(vim25Fault, response);
  if (said === undefined || !isFault(said, response.status))
    return problem
      ? vcenter.fail('vim25', 'BAD_UPSTREAM_RESPONSE', problem)
      : wordlessError(vcenter, 'vim25', codeOfStatus(response.status), response.status);
  const fault = wordsForClients(said, [secretOf(caller)]);
  const [localized] = faultMessages.safeParse(fault?.faultMessage).data ?? [];
  const faultstring = typeof fault?.faultstring === 'string' ? fault.faultstring : undefined;
  const code = codeByFault.get(said._typeName) ?? 'UPSTREAM_ERROR';
  return new VCenterError(vcenter.id, 'vim25', code, {
    message: localized?.message || faultstring,
    fault,
  });
}

/**
 * A fault is told apart by its `_typeName`, whatever its status. Where that name is not known here, a
 * success needs one of a fault's own properties beside it: else it is just a value of the wrong type.
 */
function isFault(object: Vim25FaultShape, status: number): boolean {
  if (object._typeName === 'UserSession') return false;
  if (status !== 200 || codeByFault.has(object._typeName)) return true;
  return ['faultMessage', 'faultCause', 'faultstring'].some((property) => property in object);
}
