import type { Api } from '../../errors/extensions.ts';
import { VCenterError } from '../../errors/vcenter-error.ts';
import type { Transport } from './call.ts';
import { canceledError } from './canceled.ts';
import { DeadlineExceededError, UnsentCallError } from './errors.ts';
import type { TransportObserver } from './observer.ts';
import { ResponseTime } from './response-time.ts';

/** How many calls of one API of a vCenter may be in flight, and how many may wait. */
export interface BoundedOptions {
  /** The vCenter's id. */
  readonly vcenter: string;
  readonly api: Api;
  readonly maxConnections: number;
  readonly maxQueued: number;
  /** For one call, its wait included, in milliseconds. */
  readonly timeoutMs: number;
  readonly observer: TransportObserver | undefined;
}

/** A call that waits for a connection. */
interface QueuedCall {
  readonly deadline: number;
  readonly send: () => void;
  readonly fail: (error: VCenterError) => void;
}

/**
 * Bounds the calls in flight. Further calls wait in a queue, in their order; where it is full, they fail at
 * once with `RESOURCE_BUSY`. A call leaves the queue unsent, with `TIMED_OUT`, when what is left of its time
 * would not do for a usual response: so an overloaded vCenter is not called in vain.
 */
export function bounded(inner: Transport, options: BoundedOptions): Transport {
  const { vcenter, api, maxConnections, maxQueued, timeoutMs, observer } = options;
  // In the order of their arrival, which is the order of their deadlines: all have the same timeout.
  const queue = new Set<QueuedCall>();
  const responseTime = new ResponseTime();
  let inFlight = 0;
  let timer: NodeJS.Timeout | undefined;

  const refuse = (code: 'RESOURCE_BUSY' | 'TIMED_OUT', reason: string) =>
    new VCenterError(vcenter, api, code, { cause: new UnsentCallError(reason) });
  const report = () => observer?.onQueued?.({ vcenter, api, queued: queue.size });

  function remove(call: QueuedCall): void {
    queue.delete(call);
    report();
    if (queue.size > 0) return;
    clearTimeout(timer);
    timer = undefined;
  }

  /** Drops the calls at the head of the queue whose time would not do, and sets the timer for the next. */
  function dropLate(): void {
    const now = performance.now();
    for (const call of queue) {
      const left = call.deadline - responseTime.usual - now;
      if (left > 0) {
        timer ??= setTimeout(() => {
          timer = undefined;
          dropLate();
        }, left);
        return;
      }
      remove(call);
      call.fail(refuse('TIMED_OUT', 'too little time was left for a response'));
    }
  }

  /** Gives the place of a call that has ended to the next one. */
  function release(): void {
    dropLate();
    const [next] = queue;
    if (!next) {
      inFlight -= 1;
      return;
    }
    remove(next);
    next.send();
  }

  async function wait(deadline: number, signal: AbortSignal | undefined): Promise<void> {
    if (queue.size >= maxQueued)
      throw refuse('RESOURCE_BUSY', `${maxQueued} calls wait for a connection already`);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const call: QueuedCall = { deadline, send: resolve, fail: reject };
    const cancel = () => {
      remove(call);
      reject(canceledError(vcenter, api));
    };
    queue.add(call);
    report();
    dropLate();
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      await promise;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  return {
    async call(call, signal) {
      if (signal?.aborted) throw canceledError(vcenter, api);
      const deadline = call.deadline ?? performance.now() + timeoutMs;
      if (inFlight < maxConnections) inFlight += 1;
      else await wait(deadline, signal);
      const start = performance.now();
      try {
        const response = await inner.call({ ...call, deadline }, signal);
        responseTime.add(performance.now() - start);
        return response;
      } catch (error) {
        if (error instanceof Error && error.cause instanceof DeadlineExceededError)
          responseTime.addUnfinished(performance.now() - start);
        throw error;
      } finally {
        release();
      }
    },
  };
}
