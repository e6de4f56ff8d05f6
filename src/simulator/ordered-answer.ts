import { type Answer, withProperties } from './answer.ts';
import type { Fault } from './fault.ts';
import type { Language } from './messages.ts';
import { orderedVapiError } from './vapi-errors.ts';
import { orderedVim25Fault } from './vim25-faults.ts';

/** The answer that a fault puts in the place of the operation's own; undefined where it puts none. */
export function orderedAnswer(fault: Fault, language: Language | undefined): Answer | undefined {
  const { answer, vapiError, vim25Fault, redirect } = fault;
  if (answer !== undefined) {
    const { status = 200, headers = { 'content-type': 'application/json' }, body = '' } = answer;
    return { status, headers, body };
  }
  if (vapiError !== undefined) {
    return orderedVapiError(
      typeof vapiError === 'string' ? { errorType: vapiError } : vapiError,
      language,
    );
  }
  if (vim25Fault !== undefined) {
    return orderedVim25Fault(
      typeof vim25Fault === 'string' ? { typeName: vim25Fault } : vim25Fault,
    );
  }
  if (redirect !== undefined) {
    return { status: redirect.status ?? 302, headers: { location: redirect.to }, body: '' };
  }
  return undefined;
}

/** The operation's own answer as a fault changes it. */
export function changedAnswer(answer: Answer, fault: Fault | undefined): Answer {
  return fault?.properties === undefined ? answer : withProperties(answer, fault.properties);
}
