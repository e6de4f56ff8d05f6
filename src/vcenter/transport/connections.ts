import type { Socket } from 'node:net';
import { type buildConnector, Client } from 'undici';

/** How the connections to one API of a vCenter are made. */
export interface ConnectionOptions extends Client.Options {
  readonly connect: buildConnector.connector;
}

/** A connection to a vCenter, for one call at a time. */
export class Connection {
  readonly client: Client;
  #socket: Socket | undefined;
  #bytesBefore: number | undefined;

  constructor(origin: string, options: ConnectionOptions) {
    this.client = new Client(origin, {
      ...options,
      connect: (target, callback) =>
        options.connect(target, (...result) => {
          this.#socket = result[1] ?? undefined;
          callback(...result);
        }),
    });
  }

  /** Whether it is open. */
  get isOpen(): boolean {
    return this.#socket?.destroyed === false;
  }

  /** Marks the start of another call. */
  reuse(): void {
    this.#bytesBefore = this.#socket?.bytesRead;
  }

  /**
   * Whether it served a call before this one, and no byte has arrived since. Then the vCenter may have closed it
   * before it received this call. undici does not report a part of the response headers, so the bytes of the socket
   * are compared.
   */
  get isSilentSinceReuse(): boolean {
    return this.#bytesBefore !== undefined && this.#socket?.bytesRead === this.#bytesBefore;
  }
}

/**
 * The connections to one API of a vCenter. The one that was used last is reused first, so that those that are
 * not needed any more become idle and close. undici's pool is no help here: it prefers its oldest connection,
 * closed or not, and does not report whether one is reused.
 */
export class Connections {
  readonly #origin: string;
  readonly #options: ConnectionOptions;
  readonly #idle: Connection[] = [];
  readonly #all = new Set<Connection>();
  #closed = false;

  constructor(origin: string, options: ConnectionOptions) {
    this.#origin = origin;
    this.#options = options;
  }

  /** Leases a connection that is open and idle, or else a new one. */
  lease(): Connection {
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) {
      if (idle.isOpen) {
        idle.reuse();
        return idle;
      }
      this.#discard(idle);
    }
    return this.leaseNew();
  }

  /** Leases a new connection. It is opened by the first request. */
  leaseNew(): Connection {
    const connection = new Connection(this.#origin, this.#options);
    this.#all.add(connection);
    return connection;
  }

  /**
   * Returns a connection to the pool.
   *
   * @param usable - whether its call has ended with a response.
   */
  release(connection: Connection, usable: boolean): void {
    if (usable && !this.#closed && connection.isOpen) this.#idle.push(connection);
    else this.#discard(connection);
  }

  /** Ends all connections and the calls on them. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#idle.length = 0;
    await Promise.all(Array.from(this.#all, ({ client }) => client.destroy()));
    this.#all.clear();
  }

  #discard(connection: Connection): void {
    this.#all.delete(connection);
    connection.client.destroy().catch(() => undefined);
  }
}
