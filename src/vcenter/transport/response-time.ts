/** The share of the difference that a slower response adds. */
const gain = 1 / 8;

/**
 * How long a response takes at best, as far as is known: a faster response counts at once, a slower one little
 * by little. Calls that were in flight at once count as one, so that the calls that waited for a vCenter that hung
 * for a while do not make all later responses look slow.
 */
export class ResponseTime {
  #best: number | undefined;
  #slowedAt = 0;

  /** In milliseconds, plus a margin; 0 before the first response. */
  get best(): number {
    return (this.#best ?? 0) * (1 + gain / 2);
  }

  /**
   * Adds a response.
   *
   * @param start - when its call was sent, by `performance.now()`.
   * @param end - when it was whole.
   */
  add(start: number, end: number): void {
    const duration = end - start;
    if (this.#best === undefined || duration < this.#best) this.#best = duration;
    else if (start >= this.#slowedAt) {
      this.#best += (duration - this.#best) * gain;
      this.#slowedAt = end;
    }
  }

  /** Adds a call whose deadline passed. However many there are, they show nothing of the time after a recovery. */
  addUnfinished(start: number, end: number): void {
    this.#best = Math.max(this.#best ?? 0, (end - start) * gain);
  }
}
