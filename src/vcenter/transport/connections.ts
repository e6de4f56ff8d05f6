import { Client } from 'undici';

/** A connection for one call. */
export interface Lease {
  readonly client: Client;
  /** Whether it has served a call before, so that the vCenter may be closing it just now. */
  readonly reused: boolean;
}

/**
 * The connections to one API of a vCenter. The one that was used last is reused first, so that those that are
 * not needed any more become idle and close. undici's pool is no help here: it prefers its oldest connection,
 * closed or not, and does not report whether one is reused.
 */
export class Connections {
  readonly #origin: string;
  readonly #options: Client.Options;
  readonly #idle: Client[] = [];
  readonly #all = new Set<Client>();
  #closed = false;

  constructor(origin: string, options: Client.Options) {
    this.#origin = origin;
    this.#options = options;
  }

  /** Leases a connection that is open and idle, or else a new one. */
  lease(): Lease {
    for (let client = this.#idle.pop(); client; client = this.#idle.pop()) {
      if (client.stats.connected) return { client, reused: true };
      this.#discard(client);
    }
    return this.leaseNew();
  }

  /** Leases a new connection. It is opened by the first request. */
  leaseNew(): Lease {
    const client = new Client(this.#origin, this.#options);
    this.#all.add(client);
    return { client, reused: false };
  }

  /**
   * Returns a connection to the pool.
   *
   * @param usable - whether its call has ended with a response.
   */
  release(client: Client, usable: boolean): void {
    if (usable && !this.#closed && client.stats.connected) this.#idle.push(client);
    else this.#discard(client);
  }

  /** Ends all connections and the calls on them. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#idle.length = 0;
    await Promise.all(Array.from(this.#all, (client) => client.destroy()));
    this.#all.clear();
  }

  #discard(client: Client): void {
    this.#all.delete(client);
    client.destroy().catch(() => undefined);
  }
}
