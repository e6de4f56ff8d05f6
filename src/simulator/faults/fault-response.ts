import type { Language } from '../apis/messages.ts';
import { injectedVapiError } from '../apis/vapi-errors.ts';
import { injectedVim25Fault } from '../apis/vim25-faults.ts';
import { type SimulatedResponse, withProperties } from '../http/response.ts';
import type { Fault } from './fault.ts';

/** The answer that a fault puts in the place of the operation's own; undefined where it puts none. */
export function faultResponse(
  fault: Fault,
  language: Language | undefined,
): SimulatedResponse | undefined {
  const { answer, vapiError, vim25Fault, redirect } = fault;
  if (answer !== undefined) {
    const { status = 200, headers = { 'content-type': 'application/json' }, body = '' } = answer;
    return { status, headers, body };
  }
  if (vapiError !== undefined) {
    return injectedVapiError(
      typeof vapiError === 'string' ? { errorType: vapiError } : vapiError,
      language,
    );
  }
  if (vim25Fault !== undefined) {
    return injectedVim25Fault(
      typeof vim25Fault === 'string' ? { typeName: vim25Fault } : vim25Fault,
    );
  }
  if (redirect !== undefined) {
    return { status: redirect.status ?? 302, headers: { location: redirect.to }, body: '' };
  }
  return undefined;
}

/** The operation's own answer as a fault changes it. */
export function modifyResponse(
  answer: SimulatedResponse,
  fault: Fault | undefined,
): SimulatedResponse {
  return fault?.properties === undefined ? answer : withProperties(answer, fault.properties);
}
