import type { OnResult, PendingCall, Transport, UpstreamCall } from './call.ts';
import { canceledError } from './canceled.ts';
import { InFlightReads } from './in-flight-reads.ts';
import type { TransportObserver } from './observer.ts';

/** A read in flight. */
interface SharedRead {
  call: PendingCall | undefined;
  /** One function for each request; undefined for those that have gone. */
  waiting: (OnResult | undefined)[];
  /** How many requests have not gone. */
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

  function start(identity: string, call: UpstreamCall, onResult: OnResult): SharedRead {
    const read: SharedRead = { call: undefined, waiting: [onResult], waitingCount: 1 };
    inFlight.add(identity, read);
    read.call = inner.call(call, (result) => {
      inFlight.remove(identity, read);
      const { waiting } = read;
      read.waiting = [];
      for (const onResult of waiting) onResult?.(result);
    });
    return read;
  }

  function join(read: SharedRead, onResult: OnResult): SharedRead {
    read.waiting.push(onResult);
    read.waitingCount += 1;
    return read;
  }

  function leave(identity: string, read: SharedRead): void {
    read.waitingCount -= 1;
    if (read.waitingCount > 0) return;
    // A read that starts from now on must not wait for the cancelled one.
    inFlight.remove(identity, read);
    read.call?.cancel();
  }

  return {
    call(call, onResult) {
      if (call.method !== 'GET') return inner.call(call, onResult);
      const { api } = call;
      const identity = identityOf(call);
      const existing = inFlight.get(identity);
      if (existing) observer.onShared({ vcenter, api });
      const read = existing ? join(existing, onResult) : start(identity, call, onResult);
      const index = read.waiting.length - 1;
      return {
        cancel() {
          if (read.waiting[index] === undefined) return;
          read.waiting[index] = undefined;
          leave(identity, read);
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
