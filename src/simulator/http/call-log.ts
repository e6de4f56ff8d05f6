import type { IncomingHttpHeaders } from 'node:http';
import type { Api, Operation } from '../apis/routes.ts';

/** A request to the simulated vCenter. */
export interface Call {
  /** `other` for a path of neither API. */
  readonly api: Api | 'other';
  /** `unknown` where the API has no such path or method. */
  readonly operation: Operation | 'unknown';
  readonly method: string;
  /** The request target as it was sent, with its query. */
  readonly path: string;
  /** All headers, names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** The header `vmware-api-session-id`. */
  readonly token: string | undefined;
  /** When it arrived: milliseconds since 1970 by the simulator's clock. */
  readonly at: number;
  /**
   * `open` until the response has ended; then `completed`, or `aborted` where the response was truncated or
   * reset, or the client closed the connection.
   */
  readonly state: 'open' | 'completed' | 'aborted';
}

/** The calls to count; a property that is left out matches every call. */
export interface CallFilter {
  api?: Api | 'other';
  operation?: Operation | 'unknown';
}

/** A call in the log, whose state still changes. */
export type OpenCall = { -readonly [Property in keyof Call]: Call[Property] };

/** The log of calls: the latest ones in full, and a count of all. */
export class CallLog {
  readonly #kept: number;
  #calls: Call[] = [];
  #counts = new Map<string, { api: Call['api']; operation: Call['operation']; count: number }>();

  constructor(kept: number) {
    this.#kept = kept;
  }

  add(call: Call): void {
    this.#calls.push(call);
    // Trimming many at once keeps the cost of a call constant.
    if (this.#calls.length >= 2 * this.#kept + 100) this.#calls = this.latest();
    const { api, operation } = call;
    const name = `${api} ${operation}`;
    const count = (this.#counts.get(name)?.count ?? 0) + 1;
    this.#counts.set(name, { api, operation, count });
  }

  /** The latest calls, oldest first. */
  latest(): Call[] {
    return this.#kept === 0 ? [] : this.#calls.slice(-this.#kept);
  }

  /** The number of calls since the start or the last `clear`, those no longer kept included. */
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
    this.#counts.clear();
  }
}
