import type { Transport } from './call.ts';
import type { TransportObserver } from './observer.ts';
import { reportResult } from './report-result.ts';

/**
 * Reports each call that is sent to an observer. It wraps what sends, so calls that share another's response,
 * are refused or leave the queue are not counted.
 *
 * @param vcenter - the vCenter's id.
 */
export function observed(
  inner: Transport,
  vcenter: string,
  observer: TransportObserver,
): Transport {
  return {
    call(call, signal) {
      const { api } = call;
      const start = performance.now();
      const complete = (result: string) =>
        observer.onComplete({ vcenter, api, result, durationMs: performance.now() - start });
      observer.onStart({ vcenter, api });
      return reportResult(inner.call(call, signal), complete);
    },
  };
}
