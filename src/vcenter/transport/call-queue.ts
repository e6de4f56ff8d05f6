import type { VCenterError } from '../../errors/vcenter-error.ts';

/**
 * Whether a request can still have a whole response. Calls are sent in this order:
 * - `started`: a call of the request was sent, and a whole response needs the others.
 * - `waiting`: no call of it was sent or refused.
 * - `incomplete`: a call of it was refused, so the response can only be partial.
 */
type Progress = 'started' | 'waiting' | 'incomplete';

/** A call that waits for a connection. */
export interface QueuedCall {
  readonly request: QueuedRequest;
  /** By `performance.now()`. */
  readonly deadline: number;
  send(): void;
  fail(error: VCenterError): void;
}

/** A request to one vCenter, as far as its calls have waited for a connection. */
export class QueuedRequest {
  readonly #queues = new Map<QueuedCall, CallQueue>();
  #progress: Progress = 'waiting';

  get progress(): Progress {
    return this.#progress;
  }

  add(call: QueuedCall, queue: CallQueue): void {
    this.#queues.set(call, queue);
  }

  remove(call: QueuedCall): void {
    this.#queues.delete(call);
  }

  /** A call of it is sent. */
  start(): void {
    if (this.#progress === 'waiting') this.#proceedTo('started');
  }

  /** A call of it is refused. */
  refuse(): void {
    if (this.#progress !== 'incomplete') this.#proceedTo('incomplete');
  }

  #proceedTo(progress: Progress): void {
    const previous = this.#progress;
    this.#progress = progress;
    for (const [call, queue] of this.#queues) queue.move(call, previous);
  }
}

/** The requests to one vCenter. The queues of both APIs read it, so that they choose the same requests. */
export class QueuedRequests {
  readonly #requests = new WeakMap<object, QueuedRequest>();

  /** @param key - identifies the request; undefined where the call is the only one of its request. */
  get(key: object | undefined): QueuedRequest {
    const existing = key && this.#requests.get(key);
    if (existing) return existing;
    const created = new QueuedRequest();
    if (key) this.#requests.set(key, created);
    return created;
  }
}

/** The calls that wait for a connection to one API of a vCenter. */
export class CallQueue {
  readonly #calls: Record<Progress, QueuedCall[]> = { started: [], waiting: [], incomplete: [] };

  get size(): number {
    const { started, waiting, incomplete } = this.#calls;
    return started.length + waiting.length + incomplete.length;
  }

  /** All calls, in no order. */
  get all(): readonly QueuedCall[] {
    return Object.values(this.#calls).flat();
  }

  add(call: QueuedCall): void {
    this.#calls[call.request.progress].push(call);
    call.request.add(call, this);
  }

  /** @returns whether the call was in the queue. */
  remove(call: QueuedCall): boolean {
    call.request.remove(call);
    return this.#delete(call, call.request.progress);
  }

  /** The progress of a call's request has changed. */
  move(call: QueuedCall, from: Progress): void {
    this.#delete(call, from);
    this.#calls[call.request.progress].push(call);
  }

  /**
   * The call to send next, by the progress of its request.
   *
   * @param newestFirst - whether it is the newest of those with the same progress, rather than the oldest. Of `started`
   * requests it is always the oldest.
   */
  next(newestFirst: boolean): QueuedCall | undefined {
    const { started, waiting, incomplete } = this.#calls;
    const end = newestFirst ? -1 : 0;
    return started[0] ?? waiting.at(end) ?? incomplete.at(end);
  }

  /** The oldest call of a request whose response can only be partial: refused where the queue is full. */
  get oldestIncomplete(): QueuedCall | undefined {
    return this.#calls.incomplete[0];
  }

  #delete(call: QueuedCall, progress: Progress): boolean {
    const index = this.#calls[progress].indexOf(call);
    if (index === -1) return false;
    this.#calls[progress].splice(index, 1);
    return true;
  }
}
