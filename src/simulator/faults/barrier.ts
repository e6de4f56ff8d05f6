import type { Route } from '../apis/routes.ts';
import { matches, type RequestFilter } from './fault.ts';

/** Holds responses back until enough requests have arrived. */
export type BarrierOptions = RequestFilter & {
  /** How many requests must have arrived before the first response. */
  count: number;
  /**
   * Milliseconds after the first request at which the barrier opens anyway, so that a test fails by its
   * assertion and not by its timeout. Default: 2,000.
   */
  giveUpAfterMs?: number;
};

/** A barrier. It holds one group of requests; later requests pass. */
export interface Barrier {
  /** The number of matching requests so far, those after it opened included. */
  readonly arrived: number;
  /** Whether all requests had arrived before the first response. */
  readonly met: boolean;
  /** Resolves to `met` when the barrier opens: met, given up or cancelled. */
  readonly done: Promise<boolean>;
  /** Opens the barrier. */
  cancel(): void;
}

const defaultGiveUpMs = 2_000;

/** The barriers of a simulator. */
export class Barriers {
  #barriers: HoldingBarrier[] = [];

  create(options: BarrierOptions): Barrier {
    const { count } = options;
    if (!Number.isSafeInteger(count) || count < 1)
      throw new TypeError(
        `Invalid barrier: expected count to be a positive integer, received ${count}.`,
      );
    const barrier = new HoldingBarrier(options);
    this.#barriers.push(barrier);
    return barrier;
  }

  /** Counts a request. A promise where the request has to wait. */
  arrive(route: Route, token: string | undefined): Promise<unknown> | undefined {
    const matching = this.#barriers.filter(({ options }) => matches(options, route, token));
    for (const barrier of matching) barrier.arrive();
    const closed = matching.filter(({ isOpen }) => !isOpen);
    return closed.length === 0 ? undefined : Promise.all(closed.map(({ done }) => done));
  }

  clear(): void {
    for (const barrier of this.#barriers) barrier.cancel();
    this.#barriers = [];
  }
}

class HoldingBarrier implements Barrier {
  readonly options: BarrierOptions;
  arrived = 0;
  met = false;
  isOpen = false;
  readonly done: Promise<boolean>;
  readonly #open: (met: boolean) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: BarrierOptions) {
    this.options = options;
    ({ promise: this.done, resolve: this.#open } = Promise.withResolvers<boolean>());
  }

  arrive(): void {
    this.arrived += 1;
    if (this.isOpen) return;
    const { count, giveUpAfterMs = defaultGiveUpMs } = this.options;
    this.met = this.arrived >= count;
    if (this.met) this.cancel();
    else this.#timer ??= setTimeout(() => this.cancel(), giveUpAfterMs);
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.isOpen = true;
    this.#open(this.met);
  }
}
