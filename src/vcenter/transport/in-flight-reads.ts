/** After how many additions the table is replaced. */
const maxAdditions = 1000;

/**
 * Values by the identities of reads in flight.
 *
 * The tables that a `Map` has outgrown keep the entries that were deleted and refer to the later tables. Once the garbage
 * collector has moved one of them to the old generation, they all live until the next full garbage collection. A copy
 * is not one of them.
 */
export class InFlightReads<Value> {
  #values = new Map<string, Value>();
  #additions = 0;

  get(identity: string): Value | undefined {
    return this.#values.get(identity);
  }

  add(identity: string, value: Value): void {
    this.#additions += 1;
    if (this.#additions > maxAdditions) {
      this.#values = new Map(this.#values);
      this.#additions = 0;
    }
    this.#values.set(identity, value);
  }

  /** Removes a value; another one of the same identity stays. */
  remove(identity: string, value: Value): void {
    if (this.#values.get(identity) === value) this.#values.delete(identity);
  }
}
