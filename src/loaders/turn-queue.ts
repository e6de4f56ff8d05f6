import { setImmediate, setTimeout as sleep } from 'node:timers/promises';

/** Bounds on heavy operations. */
export interface TurnBounds {
  /** Heavy operations that have their turn at once. Default: 2. */
  readonly maxTurns: number;
  /** Heavy operations that have given back their turn while they wait for a vCenter. Default: 4; the next keeps it. */
  readonly maxSuspended: number;
  /** Heavy operations that wait for their turn. Default: 100; the next gets 503. */
  readonly maxWaitingForTurn: number;
  /** Bytes of responses of vCenters that wait to be parsed. Default: 128 MiB; the operation of the next gets 503. */
  readonly maxUnparsedBytes: number;
  /** How long one waits for its turn, in milliseconds. Default: 10,000; then it gets 503. */
  readonly maxTurnWaitMs: number;
}

/** A response of a vCenter that is not parsed yet. */
export interface Unparsed {
  readonly body: string;
}

/** A heavy operation did not get its turn. The message names the bound. */
export class TurnRefusedError extends Error {}

/**
 * Lets heavy operations take turns, in the order in which they came, so that they do not hold all their results in
 * memory at once. Those that have their turn proceed in steps, one in each iteration of the event loop, so that
 * light operations are executed between them.
 */
export class TurnQueue {
  readonly #bounds: TurnBounds;
  readonly #waiting = new Set<() => void>();
  /** Those that had their turn before, and hold memory since then. */
  readonly #resuming = new Set<() => void>();
  #lastStep = Promise.resolve();
  /** How many operations wait to parse each response. Equal ones of two calls each take memory. */
  readonly #unparsed = new Map<Unparsed, number>();
  #unparsedBytes = 0;
  #taken = 0;
  #suspended = 0;

  constructor(bounds: TurnBounds) {
    this.#bounds = bounds;
  }

  /**
   * Waits for a turn, which must be released.
   *
   * @param signal - the client has disconnected.
   * @param isSuspended - whether the operation has suspended its turn. It comes before those that have not.
   * @throws TurnRefusedError
   */
  async acquire(signal: AbortSignal | undefined, isSuspended: boolean): Promise<void> {
    const { maxTurns, maxWaitingForTurn, maxTurnWaitMs } = this.#bounds;
    if (signal?.aborted) throw new TurnRefusedError(disconnected);
    if (this.#taken < maxTurns) {
      this.#taken += 1;
      return;
    }
    if (!isSuspended && this.#waiting.size >= maxWaitingForTurn)
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
    const leave = () => refuse(disconnected);
    signal?.addEventListener('abort', leave);
    const waiting = isSuspended ? this.#resuming : this.#waiting;
    waiting.add(resolve);
    try {
      await promise;
    } finally {
      waiting.delete(resolve);
      clearTimeout(timer);
      signal?.removeEventListener('abort', leave);
    }
  }

  /** Passes a turn to the operation that has waited longest. */
  release(): void {
    for (const waiting of [this.#resuming, this.#waiting])
      for (const next of waiting) {
        waiting.delete(next);
        next();
        return;
      }
    this.#taken -= 1;
  }

  /**
   * Releases a turn that its operation resumes later.
   *
   * @returns false where too many are suspended: then the operation keeps it.
   */
  suspend(): boolean {
    if (this.#suspended >= this.#bounds.maxSuspended) return false;
    this.#suspended += 1;
    this.release();
    return true;
  }

  /**
   * Counts a response until its operation has its turn; one that several operations share is counted once.
   *
   * @throws TurnRefusedError
   */
  addUnparsed(response: Unparsed): void {
    const operations = this.#unparsed.get(response) ?? 0;
    const bytes = this.#unparsedBytes + (operations === 0 ? response.body.length : 0);
    const { maxUnparsedBytes } = this.#bounds;
    if (bytes > maxUnparsedBytes)
      throw new TurnRefusedError(
        `Responses of vCenters that wait to be parsed may have at most ${maxUnparsedBytes} bytes together, received ${bytes}.`,
      );
    this.#unparsedBytes = bytes;
    this.#unparsed.set(response, operations + 1);
  }

  /** Counts a response no longer. */
  removeUnparsed(response: Unparsed): void {
    const operations = (this.#unparsed.get(response) ?? 0) - 1;
    if (operations > 0) {
      this.#unparsed.set(response, operations);
      return;
    }
    this.#unparsed.delete(response);
    this.#unparsedBytes -= response.body.length;
  }

  /** Counts an operation as suspended no longer. */
  endSuspension(): void {
    this.#suspended -= 1;
  }

  /** Waits for the end of all earlier steps, and until the event loop has done what else there is to do. */
  step(): Promise<void> {
    this.#lastStep = this.#lastStep.then(pause);
    return this.#lastStep;
  }
}

const disconnected = 'The client has disconnected.';

/** The event loop accepts one connection in each iteration. */
const iterations = 16;

/** Light operations are executed meanwhile, also those that wait for a vCenter. */
async function pause(): Promise<void> {
  await sleep(1);
  for (let i = 0; i < iterations; i++) await setImmediate();
}
