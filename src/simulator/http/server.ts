import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { promisify } from 'node:util';
import type { SimulatorOptions } from '../options.ts';

/** Longer bodies are not read. */
const maxBodyBytes = 1024 * 1024;

/** Called for each request. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** An HTTP or HTTPS server that listens. */
export interface ListeningServer {
  readonly url: string;
  /** TCP connections: since the start, and open now. */
  connections(): { accepted: number; open: number };
  /** Closes the connections that have no request in flight. */
  closeIdleConnections(): void;
  /** Stops listening and closes every connection, those with a request in flight too. */
  close(): Promise<void>;
}

/** Starts to listen; rejects with Node.js's own error where the address is in use or invalid. */
export async function listen(
  {
    host = '127.0.0.1',
    port = 0,
    tls,
    keepAliveMs = 120_000,
    keepAliveHint = true,
  }: SimulatorOptions,
  handler: Handler,
): Promise<ListeningServer> {
  const listener: Handler = (request, response) => {
    // With a Connection header of our own, Node.js adds no Keep-Alive header.
    if (!keepAliveHint && request.headers.connection !== 'close')
      response.setHeader('connection', 'keep-alive');
    handler(request, response);
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  Object.assign(server, { keepAliveTimeout: keepAliveMs, keepAliveTimeoutBuffer: 0 });
  // A fault may take longer than the server's default.
  server.requestTimeout = 0;
  const sockets = new Set<Socket>();
  let accepted = 0;
  server.on('connection', (socket: Socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  // The default backlog is too short for a thousand clients that connect at once.
  server.listen({ host, port, backlog: 4096 });
  await once(server, 'listening');

  async function close(): Promise<void> {
    const ends = [...sockets].map((socket) => once(socket, 'close'));
    for (const socket of sockets) socket.destroy();
    await Promise.all([promisify(server.close.bind(server))(), ...ends]);
  }

  let closed: Promise<void> | undefined;
  const scheme = tls === undefined ? 'http' : 'https';
  const urlHost = host.includes(':') ? `[${host}]` : host;
  return {
    url: `${scheme}://${urlHost}:${(server.address() as AddressInfo).port}`,
    connections: () => ({ accepted, open: sockets.size }),
    closeIdleConnections: () => server.closeIdleConnections(),
    close() {
      closed ??= close();
      return closed;
    },
  };
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
