import type { Language } from '../apis/messages.ts';
import { injectedVapiError } from '../apis/vapi-errors.ts';
import { injectedVim25Fault } from '../apis/vim25-faults.ts';
import type { SimulatedResponse } from '../http/response.ts';
import type { Fault } from './fault.ts';

/** The response of a fault that replaces the operation's own; undefined for any other fault. */
export function faultResponse(
  { response, vapiError, vim25Fault, redirect }: Fault,
  language: Language | undefined,
): SimulatedResponse | undefined {
  if (response !== undefined) {
    const { status = 200, headers = { 'content-type': 'application/json' }, body = '' } = response;
    return { status, headers, body };
  }
  if (vapiError !== undefined) {
    const error = typeof vapiError === 'string' ? { errorType: vapiError } : vapiError;
    return injectedVapiError(error, language);
  }
  if (vim25Fault !== undefined) {
    return injectedVim25Fault(
      typeof vim25Fault === 'string' ? { typeName: vim25Fault } : vim25Fault,
    );
  }
  if (redirect === undefined) return undefined;
  return { status: redirect.status ?? 302, headers: { location: redirect.to }, body: '' };
}
