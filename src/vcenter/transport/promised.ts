import { VCenterError } from '../../errors/vcenter-error.ts';
import type { PromisedTransport, Transport } from './call.ts';
import { canceledError } from './canceled.ts';

/**
 * Makes calls that return promises of their results, and are cancelled by signals.
 *
 * @param vcenter - the vCenter's id.
 */
export function promised(transport: Transport, vcenter: string): PromisedTransport {
  return {
    call(call, signal) {
      if (signal?.aborted) return Promise.reject(canceledError(vcenter, call.api));
      return new Promise((resolve, reject) => {
        const cancel = () => pending.cancel();
        signal?.addEventListener('abort', cancel);
        const pending = transport.call(call, (result) => {
          signal?.removeEventListener('abort', cancel);
          if (result instanceof VCenterError) reject(result);
          else resolve(result);
        });
      });
    },
  };
}
