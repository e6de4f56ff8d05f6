import { Buffer } from 'node:buffer';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';

/** Longer bodies are not read. */
const maxBodyBytes = 1024 * 1024;

/** Called for each request. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** The address to listen on, TLS, and how long connections are kept. */
export interface ListenOptions {
  host: string;
  port: number;
  tls: { key: string | Buffer; cert: string | Buffer } | undefined;
  keepAliveMs: number;
  keepAliveHint: boolean;
}

/** A listening HTTP or HTTPS server that closes with all of its connections. */
export class HttpServer {
  readonly url: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #accepted = 0;
  #closing: Promise<void> | undefined;

  /** Starts to listen; rejects with Node.js's own error where the address is in use or invalid. */
  static async listen(options: ListenOptions, handler: Handler): Promise<HttpServer> {
    const listener: Handler = (request, response) => {
      // With a Connection header of our own, Node.js adds no Keep-Alive header.
      if (!options.keepAliveHint && request.headers.connection !== 'close')
        response.setHeader('connection', 'keep-alive');
      handler(request, response);
    };
    const server =
      options.tls === undefined ? createServer(listener) : createTlsServer(options.tls, listener);
    Object.assign(server, { keepAliveTimeout: options.keepAliveMs, keepAliveTimeoutBuffer: 0 });
    // A fault may take longer than the server's default.
    server.requestTimeout = 0;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.once('error', reject);
    // The default backlog is too short for a thousand clients that connect at once.
    server.listen({ host: options.host, port: options.port, backlog: 4096 }, resolve);
    await promise;
    return new HttpServer(server, options);
  }

  private constructor(server: Server, options: ListenOptions) {
    this.#server = server;
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

  /** Closes the connections that have no request in flight. */
  closeIdleConnections(): void {
    this.#server.closeIdleConnections();
  }

  /** Stops listening and closes every connection, those with a request in flight too. */
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

/** The body of a request as text; undefined where it is too long or the client has disconnected. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    // The connection must outlive a body that is too long: the response is sent over it.
    const body: AsyncIterable<Uint8Array> = request.iterator({ destroyOnReturn: false });
    for await (const chunk of body) {
      length += chunk.length;
      if (length > maxBodyBytes) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}
