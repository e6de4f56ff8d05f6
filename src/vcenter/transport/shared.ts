import type { CallResult, PendingCall, Transport, UpstreamCall } from './call.ts';
import { canceledError } from './canceled.ts';
import { InFlightReads } from './in-flight-reads.ts';
import type { TransportObserver } from './observer.ts';

/** A read in flight. */
interface SharedRead {
  call: PendingCall | undefined;
  /** Receive its result: one function for each request, undefined for those that have gone. */
  readonly waiting: (((result: CallResult) => void) | undefined)[];
  /** How many have not gone. */
  waitingCount: number;
}

/**
 * Makes identical reads that are in flight at once one call. Identical are those of the same API, path and
 * headers, the credential and the language included. Nothing is kept after the response, and the call is
 * cancelled once the last request that waits for it has gone.
 *
 * @param vcenter - the vCenter's id.
 */
export function shared(inner: Transport, vcenter: string, observer: TransportObserver): Transport {
  const inFlight = new InFlightReads<SharedRead>();

  function start(identity: string, call: UpstreamCall, read: SharedRead): void {
    inFlight.add(identity, read);
    read.call = inner.call(call, (result) => {
      inFlight.remove(identity, read);
      for (const onResult of read.waiting.splice(0)) onResult?.(result);
    });
  }

  return {
    call(call, onResult) {
      if (call.method !== 'GET') return inner.call(call, onResult);
      const { api } = call;
      const identity = identityOf(call);
      const existing = inFlight.get(identity);
      const read = existing ?? { call: undefined, waiting: [], waitingCount: 0 };
      const index = read.waiting.push(onResult) - 1;
      read.waitingCount += 1;
      if (existing) observer.onShared({ vcenter, api });
      else start(identity, call, read);
      return {
        cancel() {
          if (read.waiting[index] === undefined) return;
          read.waiting[index] = undefined;
          read.waitingCount -= 1;
          if (read.waitingCount === 0) {
            // A read that starts from now on must not wait for the cancelled one.
            inFlight.remove(identity, read);
            read.call?.cancel();
          }
          onResult(canceledError(vcenter, api));
        },
      };
    },
  };
}

/** Identifies a read. No header's value contains a line break. */
export function identityOf({ api, path, headers }: UpstreamCall): string {
  let identity = `${api} ${path}`;
  for (const name in headers) identity += `\n${name}:${headers[name]}`;
  return identity;
}
