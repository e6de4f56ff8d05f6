import type { Route } from '../apis/routes.ts';
import { matches, type RequestFilter } from './fault.ts';

/** Holds answers back until enough requests are there. */
export interface BarrierOptions extends RequestFilter {
  /** How many requests must have arrived before any of them is answered. */
  count: number;
  /**
   * Milliseconds after the first arrival at which the held requests are answered all the same, so that a test
   * fails by what it asserts and not by a timeout of its own. Default: 2,000.
   */
  giveUpAfterMs?: number;
}

/** A barrier that was ordered. It holds one group of requests; whatever comes later passes. */
export interface Barrier {
  /** How many requests that it means have arrived so far, those after it opened included. */
  readonly arrived: number;
  /** Whether all requests were there before any was answered. */
  readonly met: boolean;
  /** Resolves to `met` once the barrier no longer holds anything: met, given up, or cancelled. */
  readonly done: Promise<boolean>;
  /** Lets go of whatever it holds. */
  cancel(): void;
}

const DEFAULT_GIVE_UP_MS = 2_000;

/** The barriers that are still closed. */
export class Barriers {
  #closed: HoldingBarrier[] = [];

  order(order: BarrierOptions): Barrier {
    if (!Number.isSafeInteger(order.count) || order.count < 1) {
      throw new TypeError("A barrier's count takes a whole number from 1.");
    }
    const barrier = new HoldingBarrier(order);
    this.#closed.push(barrier);
    return barrier;
  }

  /** Notes a request. A promise where it has to wait. */
  arrive(route: Route, token: string | undefined): Promise<unknown> | undefined {
    let wait: Promise<unknown> | undefined;
    for (const barrier of this.#closed) {
      if (!matches(barrier.order, route, token)) continue;
      barrier.arrive();
      if (!barrier.isOpen)
        wait = wait === undefined ? barrier.done : Promise.all([wait, barrier.done]);
    }
    return wait;
  }

  clear(): void {
    for (const barrier of this.#closed) barrier.cancel();
    this.#closed = [];
  }
}

class HoldingBarrier implements Barrier {
  readonly order: BarrierOptions;
  readonly done: Promise<boolean>;
  readonly #resolve: (met: boolean) => void;
  #arrived = 0;
  #met = false;
  #isOpen = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(order: BarrierOptions) {
    this.order = order;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.done = promise;
    this.#resolve = resolve;
  }

  get arrived(): number {
    return this.#arrived;
  }

  get met(): boolean {
    return this.#met;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  arrive(): void {
    this.#arrived += 1;
    if (this.#isOpen) return;
    if (this.#arrived >= this.order.count) {
      this.#met = true;
      this.cancel();
      return;
    }
    this.#timer ??= setTimeout(() => this.cancel(), this.order.giveUpAfterMs ?? DEFAULT_GIVE_UP_MS);
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#isOpen = true;
    this.#resolve(this.#met);
  }
}
