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
export function recorded<T extends Transport>(
  inner: T,
  vcenter: string,
  recorder: CallRecorder | undefined,
): T {
  if (!recorder) return inner;
  return {
    ...inner,
    call(...args: Parameters<Transport['call']>) {
      const [call] = args;
      const { api, method } = call;
      const complete = recorder.start({ vcenter, api, method, identity: () => identity(call) });
      const response = inner.call(...args);
      return complete ? reportResult(response, complete) : response;
    },
  };
}
