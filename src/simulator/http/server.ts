import { Buffer } from 'node:buffer';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';

/** Bodies beyond this many bytes are not read. */
const MAX_BODY_BYTES = 1024 * 1024;

/** Called for each request. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Where a server listens, and whether it speaks TLS. */
export interface ListenOptions {
  host: string;
  port: number;
  tls: { key: string | Buffer; cert: string | Buffer } | undefined;
}

/** A listening HTTP or HTTPS server that can be brought down with whatever hangs on it. */
export class HttpServer {
  readonly url: string;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;
  #accepted = 0;
  #closing: Promise<void> | undefined;

  /** Starts to listen; rejects where the address is taken or is none. */
  static async listen(options: ListenOptions, handler: Handler): Promise<HttpServer> {
    const server =
      options.tls === undefined ? createServer(handler) : createTlsServer(options.tls, handler);
    // Callers keep connections for minutes; closing them early would look like an outage.
    server.keepAliveTimeout = 120_000;
    // A fault may take longer than any limit of the server's own.
    server.requestTimeout = 0;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.once('error', reject);
    // The default backlog is too short for a thousand callers who connect at once.
    server.listen({ host: options.host, port: options.port, backlog: 4096 }, resolve);
    await promise;
    return new HttpServer(server, options);
  }

  private constructor(server: Server, options: ListenOptions) {
    this.#server = server;
    this.#sockets = new Set();
    server.on('connection', (socket: Socket) => this.#track(socket));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : options.port;
    const host = options.host.includes(':') ? `[${options.host}]` : options.host;
    this.url = `${options.tls === undefined ? 'http' : 'https'}://${host}:${port}`;
  }

  /** Connections since the start, and those open now. */
  get connections(): { accepted: number; open: number } {
    return { accepted: this.#accepted, open: this.#sockets.size };
  }

  /** Stops listening and ends every connection, hanging ones too. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const ends = [...this.#sockets].map((socket) => {
      const end = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      socket.destroy();
      return end;
    });
    await Promise.all([new Promise((resolve) => this.#server.close(resolve)), ...ends]);
  }

  #track(socket: Socket): void {
    this.#accepted += 1;
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }
}

/** The body of a request as text; undefined where it is too long or the caller is gone. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    // The connection has to outlive a body that is too long: the refusal goes over it.
    for await (const chunk of request.iterator({
      destroyOnReturn: false,
    }) as AsyncIterable<Uint8Array>) {
      length += chunk.length;
      if (length > MAX_BODY_BYTES) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}
