import type { IncomingHttpHeaders } from 'node:http';
import type { Api, Operation } from '../apis/routes.ts';

/** A request that reached the simulator. */
export interface Call {
  /** `other` for a path of neither API. */
  readonly api: Api | 'other';
  /** `unknown` where the path or the method is none of the API's. */
  readonly operation: Operation | 'unknown';
  readonly method: string;
  /** With its query, as it was sent. */
  readonly path: string;
  /** All of them, names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** The header `vmware-api-session-id`. */
  readonly token: string | undefined;
  /** When it arrived: milliseconds since 1970 by the simulator's clock. */
  readonly at: number;
  /**
   * `open` until the response has ended; then `answered`, or `broken` where it was never whole: cut, reset,
   * or given up by the caller.
   */
  readonly state: 'open' | 'answered' | 'broken';
}

/** Narrows a count of calls; what is left out is not looked at. */
export interface CallFilter {
  api?: Api | 'other';
  operation?: Operation | 'unknown';
}

/** A call as the book keeps it, its state still to be set. */
export type OpenCall = { -readonly [Property in keyof Call]: Call[Property] };

/** The calls that came in: the latest ones whole, and all of them counted. */
export class CallLog {
  readonly #kept: number;
  #calls: Call[] = [];
  #counts = new Map<string, { api: Call['api']; operation: Call['operation']; count: number }>();

  constructor(kept: number) {
    this.#kept = kept;
  }

  add(call: Call): void {
    this.#calls.push(call);
    // Trimming in lumps keeps the cost of a call constant.
    if (this.#calls.length >= 2 * this.#kept + 100) this.#calls = this.#latest();
    const name = `${call.api} ${call.operation}`;
    const entry = this.#counts.get(name);
    if (entry === undefined)
      this.#counts.set(name, { api: call.api, operation: call.operation, count: 1 });
    else entry.count += 1;
  }

  /** The latest calls, oldest first. */
  latest(): readonly Call[] {
    return this.#latest();
  }

  /** How many calls came since the start or the last `clear`, those no longer kept included. */
  count(filter: CallFilter): number {
    let sum = 0;
    for (const { api, operation, count } of this.#counts.values()) {
      if (filter.api !== undefined && filter.api !== api) continue;
      if (filter.operation !== undefined && filter.operation !== operation) continue;
      sum += count;
    }
    return sum;
  }

  clear(): void {
    this.#calls = [];
    this.#counts = new Map();
  }

  #latest(): Call[] {
    return this.#kept === 0 ? [] : this.#calls.slice(-this.#kept);
  }
}
