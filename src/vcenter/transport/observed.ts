import { VCenterError } from '../../errors/vcenter-error.ts';
import type { CallResult, Transport } from './call.ts';
import type { TransportObserver } from './observer.ts';

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
    call(call, onResult) {
      const { api } = call;
      const start = performance.now();
      observer.onStart({ vcenter, api });
      return inner.call(call, (result) => {
        const durationMs = performance.now() - start;
        observer.onComplete({ vcenter, api, result: nameOf(result), durationMs });
        onResult(result);
      });
    },
  };
}

/** The HTTP status of a response, or the code of the error where no whole response was received. */
export function nameOf(result: CallResult): string {
  return result instanceof VCenterError ? result.extensions.code : String(result.status);
}
