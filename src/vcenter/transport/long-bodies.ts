/** Bytes of a response body that are read in any case. */
export const shortBodyBytes = 64 * 1024;

/** A response body of more than `shortBodyBytes`, or one that may have as many once it is decompressed. */
export interface LongBody {
  /** Reads it on. Called once at most, and without effect where it has ended. */
  read(): void;
}

/**
 * Bounds how many long bodies of one vCenter are read at once, since each takes memory until it is whole. The others
 * wait, in the order in which they were added.
 */
export class LongBodies {
  readonly #maxReading: number;
  readonly #reading = new Set<LongBody>();
  readonly #waiting = new Set<LongBody>();

  /** @param maxReading - how many are read at once. Default: 4. */
  constructor(maxReading = 4) {
    this.#maxReading = maxReading;
  }

  /** Has a body read, at once or when it is its turn. It must be removed at its end. */
  add(body: LongBody): void {
    if (this.#reading.size >= this.#maxReading) {
      this.#waiting.add(body);
    } else {
      this.#reading.add(body);
      body.read();
    }
  }

  /** Removes a body that is whole, has failed or is cancelled. The next one is read in its place. */
  remove(body: LongBody): void {
    this.#waiting.delete(body);
    if (!this.#reading.delete(body)) return;
    const [next] = this.#waiting;
    if (!next) return;
    this.#waiting.delete(next);
    this.#reading.add(next);
    // Later, since undici's parser is still at work on the removed one.
    setImmediate(() => next.read());
  }
}
