import { setImmediate, setTimeout as sleep } from 'node:timers/promises';

/** Bounds on heavy operations. */
export interface TurnBounds {
  /** Heavy operations that have their turn at once. Default: 2. */
  readonly maxTurns: number;
  /** Heavy operations that wait for their turn. Default: 100; the next gets 503. */
  readonly maxWaitingForTurn: number;
  /** How long one waits for its turn, in milliseconds. Default: 10,000; then it gets 503. */
  readonly maxTurnWaitMs: number;
}

/** A heavy operation did not get its turn. The message names the bound. */
export class TurnRefusedError extends Error {}

/**
 * Lets heavy operations take turns, in the order in which they came, so that they do not hold all their results in
 * memory at once. Those that have their turn proceed in steps, one in each iteration of the event loop, so that
 * light operations are executed between them.
 */
export class Turns {
  readonly #bounds: TurnBounds;
  readonly #waiting = new Set<() => void>();
  #lastStep = Promise.resolve();
  #taken = 0;

  constructor(bounds: TurnBounds) {
    this.#bounds = bounds;
  }

  /**
   * Waits for a turn, which must be released.
   *
   * @param signal - the client has disconnected.
   * @throws TurnRefusedError
   */
  async acquire(signal: AbortSignal | undefined): Promise<void> {
    const { maxTurns, maxWaitingForTurn, maxTurnWaitMs } = this.#bounds;
    if (this.#taken < maxTurns) {
      this.#taken += 1;
      return;
    }
    if (this.#waiting.size >= maxWaitingForTurn)
      throw new TurnRefusedError(
        `At most ${maxWaitingForTurn} operations that resolve many fields may wait for their turn, received one more.`,
      );
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const refuse = (reason: string) => reject(new TurnRefusedError(reason));
    const timer = setTimeout(
      () =>
        refuse(
          `An operation that resolves many fields may wait for its turn for at most ${maxTurnWaitMs} ms, and it has.`,
        ),
      maxTurnWaitMs,
    );
    const leave = () => refuse('The client has disconnected.');
    signal?.addEventListener('abort', leave);
    if (signal?.aborted) leave();
    this.#waiting.add(resolve);
    try {
      await promise;
    } finally {
      this.#waiting.delete(resolve);
      clearTimeout(timer);
      signal?.removeEventListener('abort', leave);
    }
  }

  /** Passes a turn to the operation that has waited longest. */
  release(): void {
    const [next] = this.#waiting;
    if (!next) {
      this.#taken -= 1;
      return;
    }
    this.#waiting.delete(next);
    next();
  }

  /** Waits for the end of all earlier steps, and until the event loop has done what else there is to do. */
  step(): Promise<void> {
    this.#lastStep = this.#lastStep.then(pause);
    return this.#lastStep;
  }
}

/** The event loop accepts one connection in each iteration. */
const iterations = 16;

/** Light operations are executed meanwhile, also those that wait for a vCenter. */
async function pause(): Promise<void> {
  await sleep(1);
  for (let i = 0; i < iterations; i++) await setImmediate();
}
