import type { Transport, UpstreamCall, UpstreamResponse } from './call.ts';
import { canceledError } from './canceled.ts';
import type { TransportObserver } from './observer.ts';

/** A read in flight, and how many requests wait for its response. */
interface SharedCall {
  readonly response: Promise<UpstreamResponse>;
  readonly controller: AbortController;
  waiting: number;
}

/**
 * Makes identical reads that are in flight at once one call. Identical are those of the same API, path and
 * headers, the credential and the language included. Nothing is kept after the response, and the call is
 * cancelled once the last request that waits for it has gone.
 *
 * @param vcenter - the vCenter's id.
 */
export function shared(
  inner: Transport,
  vcenter: string,
  observer: TransportObserver | undefined,
): Transport {
  const inFlight = new Map<string, SharedCall>();

  function start(key: string, call: UpstreamCall): SharedCall {
    const controller = new AbortController();
    const response = inner.call(call, controller.signal);
    const started = { response, controller, waiting: 0 };
    inFlight.set(key, started);
    const forget = () => {
      if (inFlight.get(key) === started) inFlight.delete(key);
    };
    response.then(forget, forget);
    return started;
  }

  return {
    async call(call, signal) {
      if (call.method !== 'GET') return inner.call(call, signal);
      if (signal?.aborted) throw canceledError(vcenter, call.api);
      const key = identity(call);
      const existing = inFlight.get(key);
      if (existing) observer?.onShared?.({ vcenter, api: call.api });
      const read = existing ?? start(key, call);
      read.waiting += 1;
      if (!signal) return read.response;
      const canceled = Promise.withResolvers<never>();
      const leave = () => {
        read.waiting -= 1;
        if (read.waiting === 0) {
          // A read that starts from now on must not wait for the cancelled one.
          if (inFlight.get(key) === read) inFlight.delete(key);
          read.controller.abort();
        }
        canceled.reject(canceledError(vcenter, call.api));
      };
      signal.addEventListener('abort', leave, { once: true });
      try {
        return await Promise.race([read.response, canceled.promise]);
      } finally {
        signal.removeEventListener('abort', leave);
      }
    },
  };
}

/** Identifies a read. No header's value contains a line break. */
export function identity({ api, path, headers }: UpstreamCall): string {
  let key = `${api} ${path}`;
  for (const name in headers) key += `\n${name}:${headers[name]}`;
  return key;
}
