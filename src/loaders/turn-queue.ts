import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { isStringOneByteRepresentation } from 'node:v8';

/**
 * Bounds on expensive operations: those that resolve many fields, read a long list, or have a long document. Each waits
 * for its turn to be executed.
 */
export interface TurnBounds {
  /** How many have their turn at once. Default: 2. */
  readonly maxTurns: number;
  /** How many release their turn while they wait for a vCenter. Default: 4; the next keeps it. */
  readonly maxSuspended: number;
  /** How many wait for their turn. Default: 100; the next gets 503. */
  readonly maxWaitingForTurn: number;
  /**
   * Bytes of memory of the responses of vCenters that wait to be parsed. Default: 64 MiB; the operation of the next
   * gets 503.
   */
  readonly maxUnparsedBytes: number;
  /** How long one waits for its turn, in milliseconds. Default: 10,000; then it gets 503. */
  readonly maxTurnWaitMs: number;
}

/** A response of a vCenter that is not parsed yet. */
export interface Unparsed {
  readonly body: string;
}

/** What is counted of a response that is not parsed yet. */
interface UnparsedCount {
  /** How many operations wait to parse it. */
  operations: number;
  readonly bytes: number;
}

/** An expensive operation was not executed, or not to its end: a bound is reached or its client has disconnected. */
export class TurnRefusedError extends Error {}

/**
 * Lets expensive operations take turns, in the order in which they arrive, so that they do not hold all their results
 * in memory at once. Those that have their turn proceed in steps, one in each iteration of the event loop, so that
 * cheap operations run between them.
 */
export class TurnQueue {
  readonly #bounds: TurnBounds;
  readonly #waiting = new Set<() => void>();
  /** Those that had their turn before, and hold memory since then. */
  readonly #resuming = new Set<() => void>();
  #lastStep = Promise.resolve();
  /** The responses that wait to be parsed. Equal ones of two calls each take memory. */
  readonly #unparsed = new Map<Unparsed, UnparsedCount>();
  #unparsedBytes = 0;
  #taken = 0;
  #suspended = 0;

  constructor(bounds: TurnBounds) {
    this.#bounds = bounds;
  }

  /**
   * Waits for a turn, which must be released.
   *
   * @param signal - aborted when the client disconnects.
   * @param isSuspended - whether the operation has suspended its turn before. It precedes those that have not.
   * @throws TurnRefusedError where a bound is reached, or the client disconnects.
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
        `At most ${maxWaitingForTurn} expensive operations may wait to be executed, received one more.`,
      );
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const refuse = (reason: string) => reject(new TurnRefusedError(reason));
    const timer = setTimeout(
      () =>
        refuse(
          `An expensive operation may wait at most ${maxTurnWaitMs} ms to be executed, and this one has. Retry later, or select fewer fields.`,
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
   * @throws TurnRefusedError where all of them together exceed `maxUnparsedBytes`.
   */
  addUnparsed(response: Unparsed): void {
    const counted = this.#unparsed.get(response);
    if (counted) {
      counted.operations += 1;
      return;
    }
    const bytes = memoryOf(response.body);
    const total = this.#unparsedBytes + bytes;
    const { maxUnparsedBytes } = this.#bounds;
    if (total > maxUnparsedBytes)
      throw new TurnRefusedError(
        `Responses of vCenters that wait to be parsed may take at most ${maxUnparsedBytes} bytes together, received ${total}.`,
      );
    this.#unparsedBytes = total;
    this.#unparsed.set(response, { operations: 1, bytes });
  }

  /** Ends the count of a response: it is about to be parsed, or its operation has ended. */
  removeUnparsed(response: Unparsed): void {
    const counted = this.#unparsed.get(response);
    if (!counted) return;
    counted.operations -= 1;
    if (counted.operations > 0) return;
    this.#unparsed.delete(response);
    this.#unparsedBytes -= counted.bytes;
  }

  /** Ends the count of a suspended operation: it has its turn again, or has ended. */
  endSuspension(): void {
    this.#suspended -= 1;
  }

  /** Waits for the end of all earlier steps, then for some iterations of the event loop, in which cheap operations run. */
  step(): Promise<void> {
    this.#lastStep = this.#lastStep.then(pause);
    return this.#lastStep;
  }
}

/** The bytes of memory of a text: one for each character, or two where a character needs them. */
function memoryOf(text: string): number {
  return isStringOneByteRepresentation(text) ? text.length : 2 * text.length;
}

const disconnected = 'The client has disconnected.';

/** Iterations between two steps. The event loop accepts one connection in each. */
const iterations = 16;

/** Lets cheap operations run, those that wait for a vCenter included. */
async function pause(): Promise<void> {
  await sleep(1);
  for (let i = 0; i < iterations; i++) await setImmediate();
}
