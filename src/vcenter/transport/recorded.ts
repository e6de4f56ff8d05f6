import type { Transport } from './call.ts';
import { nameOf } from './observed.ts';
import type { CallRecorder } from './observer.ts';
import { identityOf } from './shared.ts';

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
    call(call, onResult) {
      const { api, method } = call;
      const complete = recorder.start({ vcenter, api, method, identity: () => identityOf(call) });
      if (!complete) return inner.call(call, onResult);
      return inner.call(call, (result) => {
        complete(nameOf(result));
        onResult(result);
      });
    },
  };
}
