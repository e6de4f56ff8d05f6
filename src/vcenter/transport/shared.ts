import type { Transport, UpstreamCall, UpstreamResponse } from './call.ts';
import { canceledError } from './canceled.ts';
import type { TransportObserver } from './observer.ts';

/** A read that was sent. */
interface SentRead {
  readonly response: Promise<UpstreamResponse>;
  readonly controller: AbortController;
}

/** An entry for a read in flight. */
interface SharedRead {
  /**
   * Undefined once it has completed: the tables that a `Map` has outgrown keep the entries that were deleted, so
   * that a response which an entry refers to would live until the next full garbage collection.
   */
  sent: SentRead | undefined;
  /** How many requests wait for its response. */
  waiting: number;
}

/**
 * Makes identical reads that are in flight at once one call. Identical are those of the same API, path and
 * headers, the credential and the language included. Nothing is kept after the response, and the call is
 * cancelled once the last request that waits for it has gone.
 *
 * @param vcenter - the vCenter's id.
 */
export function shared(inner: Transport, vcenter: string, observer: TransportObserver): Transport {
  const inFlight = new Map<string, SharedRead>();

  function remove(key: string, read: SharedRead): void {
    read.sent = undefined;
    if (inFlight.get(key) === read) inFlight.delete(key);
  }

  function send(key: string, read: SharedRead, call: UpstreamCall): SentRead {
    const controller = new AbortController();
    const response = inner.call(call, controller.signal);
    const complete = () => remove(key, read);
    response.then(complete, complete);
    read.sent = { response, controller };
    return read.sent;
  }

  return {
    call(call, signal) {
      if (call.method !== 'GET') return inner.call(call, signal);
      if (signal?.aborted) return Promise.reject(canceledError(vcenter, call.api));
      const key = identity(call);
      const existing = inFlight.get(key);
      if (existing) observer.onShared({ vcenter, api: call.api });
      const read = existing ?? { sent: undefined, waiting: 0 };
      inFlight.set(key, read);
      const { response, controller } = read.sent ?? send(key, read, call);
      read.waiting += 1;
      if (!signal) return response;
      return new Promise((resolve, reject) => {
        const leave = () => {
          read.waiting -= 1;
          if (read.waiting === 0) {
            // A read that starts from now on must not wait for the cancelled one.
            remove(key, read);
            controller.abort();
          }
          reject(canceledError(vcenter, call.api));
        };
        signal.addEventListener('abort', leave);
        const stay = () => signal.removeEventListener('abort', leave);
        response.then(
          (received) => {
            stay();
            resolve(received);
          },
          (error: unknown) => {
            stay();
            reject(error);
          },
        );
      });
    },
  };
}

/** Identifies a read. No header's value contains a line break. */
export function identity({ api, path, headers }: UpstreamCall): string {
  let key = `${api} ${path}`;
  for (const name in headers) key += `\n${name}:${headers[name]}`;
  return key;
}
