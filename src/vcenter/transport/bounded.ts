import { AsyncResource } from 'node:async_hooks';
import type { Api } from '../../errors/extensions.ts';
import { VCenterError } from '../../errors/vcenter-error.ts';
import type { OnResult, PendingCall, Transport, UpstreamCall } from './call.ts';
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

  /** @returns false where the call does not wait any more. */
  function remove(call: QueuedCall): boolean {
    if (!queue.remove(call)) return false;
    report();
    if (queue.size > 0) return true;
    isOverloaded = false;
    clearTimeout(timer);
    timer = undefined;
    return true;
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
        call.fail(queueFull());
        return;
      }
      drop(oldestIncomplete, queueFull());
    }
    queue.add(call);
    report();
    if (!isLate(call)) setTimer(spareTime(call));
  }

  function sendNow(call: UpstreamCall, onResult: OnResult): PendingCall {
    const start = performance.now();
    return inner.call(call, (result) => {
      if (!(result instanceof VCenterError)) responseTime.add(start, performance.now());
      else if (result.cause instanceof DeadlineExceededError)
        responseTime.addUnfinished(start, performance.now());
      release();
      onResult(result);
    });
  }

  function sendLater(call: UpstreamCall, onResult: OnResult): PendingCall {
    const deadline = call.deadline ?? performance.now() + timeoutMs;
    let sent: PendingCall | undefined;
    const queued: QueuedCall = {
      request: requests.get(call.request),
      deadline,
      // It runs when another operation's call has ended, and belongs to its own operation nevertheless.
      send: AsyncResource.bind(() => {
        sent = sendNow({ ...call, deadline }, onResult);
      }),
      fail: onResult,
    };
    enqueue(queued);
    return {
      cancel() {
        if (sent) sent.cancel();
        else if (remove(queued)) onResult(canceledError(vcenter, api));
      },
    };
  }

  return {
    call(call, onResult) {
      if (inFlight >= maxConnections) return sendLater(call, onResult);
      inFlight += 1;
      return sendNow(call, onResult);
    },
  };
}
