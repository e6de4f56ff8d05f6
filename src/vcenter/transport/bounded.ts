import type { Api } from '../../errors/extensions.ts';
import { VCenterError } from '../../errors/vcenter-error.ts';
import type { Transport, UpstreamCall, UpstreamResponse } from './call.ts';
import { CallQueue, type QueuedCall, type QueuedRequests } from './call-queue.ts';
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
  /** The requests of the vCenter, the same for both of its APIs. */
  readonly requests: QueuedRequests;
  readonly observer: TransportObserver;
}

/**
 * Bounds the calls in flight. Further calls wait in a queue; where it is full, they fail at once with
 * `RESOURCE_BUSY`. A call leaves the queue unsent, with `TIMED_OUT`, when the time left until its deadline is too
 * short for a response, so that an overloaded vCenter is not called in vain.
 *
 * Calls are sent in their order. From when one is refused until the queue is empty, the newest is sent first:
 * the oldest of an overloaded vCenter would be sent when there is hardly time left for them. Calls of a request
 * that has one sent already go before all others, and those of a request that has one refused after all others:
 * so the queues of both APIs choose the same requests, and what they send makes whole responses.
 */
export function bounded(inner: Transport, options: BoundedOptions): Transport {
  const { vcenter, api, maxConnections, maxQueued, timeoutMs, requests, observer } = options;
  const queue = new CallQueue();
  const responseTime = new ResponseTime();
  let inFlight = 0;
  let isOverloaded = false;
  let timer: NodeJS.Timeout | undefined;

  const report = () => observer.onQueued({ vcenter, api, queued: queue.size });
  const queueFull = () =>
    unsentError('RESOURCE_BUSY', `${maxQueued} calls wait for a connection already`);
  const unsentError = (code: 'RESOURCE_BUSY' | 'TIMED_OUT', reason: string) =>
    new VCenterError(vcenter, api, code, { cause: new UnsentCallError(reason) });

  function remove(call: QueuedCall): void {
    queue.remove(call);
    report();
    if (queue.size > 0) return;
    isOverloaded = false;
    clearTimeout(timer);
    timer = undefined;
  }

  function drop(call: QueuedCall, error: VCenterError): void {
    isOverloaded = true;
    remove(call);
    call.request.refuse();
    call.fail(error);
  }

  /** How long a call may still wait, in milliseconds. */
  function spareTime({ deadline }: QueuedCall): number {
    return deadline - responseTime.best - performance.now();
  }

  function isLate(call: QueuedCall): boolean {
    if (spareTime(call) > 0) return false;
    drop(call, unsentError('TIMED_OUT', 'too little time was left for a response'));
    return true;
  }

  /** Drops the calls that have too little time left, and sets the timer for the next. */
  function dropLate(): void {
    timer = undefined;
    const inTime = queue.all.filter((call) => !isLate(call));
    if (inTime.length > 0) setTimer(Math.min(...inTime.map(spareTime)));
  }

  function setTimer(ms: number): void {
    timer ??= setTimeout(dropLate, Math.max(0, ms));
  }

  /** Gives the place of a call that has ended to the next one. */
  function release(): void {
    let next = queue.next(isOverloaded);
    while (next && isLate(next)) next = queue.next(isOverloaded);
    if (!next) {
      inFlight -= 1;
      return;
    }
    remove(next);
    next.request.start();
    next.send();
  }

  function enqueue(call: QueuedCall): void {
    if (queue.size >= maxQueued) {
      const { oldestIncomplete } = queue;
      if (!oldestIncomplete || call.request.progress === 'incomplete') {
        isOverloaded = queue.size > 0;
        call.request.refuse();
        throw queueFull();
      }
      drop(oldestIncomplete, queueFull());
    }
    queue.add(call);
    report();
    if (!isLate(call)) setTimer(spareTime(call));
  }

  async function wait({ request }: UpstreamCall, deadline: number, signal?: AbortSignal) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const call = { request: requests.get(request), deadline, send: resolve, fail: reject };
    enqueue(call);
    const cancel = () => {
      remove(call);
      reject(canceledError(vcenter, api));
    };
    signal?.addEventListener('abort', cancel);
    try {
      await promise;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  function send(call: UpstreamCall, signal: AbortSignal | undefined): Promise<UpstreamResponse> {
    const start = performance.now();
    const response = inner.call(call, signal);
    response.then(
      () => {
        responseTime.add(start, performance.now());
        release();
      },
      (error: unknown) => {
        if (error instanceof Error && error.cause instanceof DeadlineExceededError)
          responseTime.addUnfinished(start, performance.now());
        release();
      },
    );
    return response;
  }

  async function sendLater(
    call: UpstreamCall,
    signal: AbortSignal | undefined,
  ): Promise<UpstreamResponse> {
    const deadline = call.deadline ?? performance.now() + timeoutMs;
    await wait(call, deadline, signal);
    return send({ ...call, deadline }, signal);
  }

  return {
    call(call, signal) {
      if (signal?.aborted) return Promise.reject(canceledError(vcenter, api));
      if (inFlight >= maxConnections) return sendLater(call, signal);
      inFlight += 1;
      return send(call, signal);
    },
  };
}
