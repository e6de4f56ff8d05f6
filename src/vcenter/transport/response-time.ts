/** How long a usual response takes: a moving mean and deviation, as TCP estimates round trips (RFC 6298). */
export class ResponseTime {
  #mean: number | undefined;
  #deviation = 0;

  /** In milliseconds, with room for the usual deviation; 0 while no response has come. */
  get usual(): number {
    if (this.#mean === undefined) return 0;
    return this.#mean + Math.max(2 * this.#deviation, this.#mean / 16);
  }

  /** Adds the duration of a response. */
  add(durationMs: number): void {
    if (this.#mean === undefined) {
      this.#mean = durationMs;
      this.#deviation = durationMs / 4;
      return;
    }
    this.#deviation += (Math.abs(durationMs - this.#mean) - this.#deviation) / 4;
    this.#mean += (durationMs - this.#mean) / 8;
  }

  /** Adds the duration after which a call without a response ended: the response would have taken longer. */
  addUnfinished(durationMs: number): void {
    if (durationMs > (this.#mean ?? 0)) this.add(durationMs);
  }
}
