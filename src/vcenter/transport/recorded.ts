import type { Transport } from './call.ts';
import type { CallRecorder } from './observer.ts';
import { reportResult } from './report-result.ts';
import { identity } from './shared.ts';

/**
 * Records each call for the operation that waits for it. It is the outermost decorator, so that it also sees
 * the calls that share another's response or fail before they are sent.
 *
 * @param vcenter - the vCenter's id.
 */
export function recorded(
  inner: Transport,
  vcenter: string,
  recorder: CallRecorder | undefined,
): Transport {
  if (!recorder) return inner;
  return {
    call(call, signal) {
      const { api, method } = call;
      const complete = recorder.start({ vcenter, api, method, identity: () => identity(call) });
      const response = inner.call(call, signal);
      return complete ? reportResult(response, complete) : response;
    },
  };
}
