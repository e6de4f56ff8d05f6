import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Api } from '../../src/errors/extensions.ts';

/** Handles a request, by any means, on the connection that it arrived on. */
export type RespondWith = (socket: Socket) => void;

/** A server that speaks HTTP just well enough to handle each request as a test defines. */
export interface Double {
  /** Its base URL. */
  readonly url: string;
  /** The requests so far, as `<api> <token>`, and their headers as they came. */
  readonly requests: readonly { readonly name: string; readonly head: string }[];
  /** Sets how requests of one token to one API are handled. Any other is reset. */
  respondWith(api: Api, token: string, respond: RespondWith): void;
}

/** Starts a double that ends with the test. */
export async function startDouble(): Promise<Double> {
  const responders = new Map<string, RespondWith>();
  const requests: Double['requests'][number][] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    // What a client that has seen enough does to a connection is not this test's concern.
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    let head = '';
    socket.on('data', (bytes) => {
      head += bytes.toString('latin1');
      if (!head.endsWith('\r\n\r\n')) return;
      const name = nameOf(head);
      requests.push({ name, head });
      head = '';
      const respond = responders.get(name) ?? reset;
      respond(socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    respondWith: (api, token, respond) => void responders.set(`${api} ${token}`, respond),
  };
}

function nameOf(head: string): string {
  const api: Api = head.startsWith('GET /api/session ') ? 'vapi' : 'vim25';
  return `${api} ${/^vmware-api-session-id: (.*)$/im.exec(head)?.[1]}`;
}

/** Resets the connection. */
export const reset: RespondWith = (socket) => socket.resetAndDestroy();

/** Never responds. */
export const hang: RespondWith = () => undefined;

/** Sends bytes, and leaves the connection open. */
export function send(bytes: string | Uint8Array): RespondWith {
  return (socket) => void socket.write(bytes);
}

/** Sends bytes, and closes the connection. */
export function sendAndClose(bytes: string | Uint8Array): RespondWith {
  return (socket) => void socket.end(bytes);
}

/** The bytes of a complete response, with its length. */
export function http(
  status: number,
  body: string | Uint8Array = '',
  headers: readonly string[] = [],
): Uint8Array {
  const bytes = Buffer.from(body);
  const lines = [`HTTP/1.1 ${status} Status`, ...headers, `content-length: ${bytes.length}`];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), bytes]);
}

/** The bytes of a complete JSON response. */
export function json(status: number, value: unknown): Uint8Array {
  return http(status, JSON.stringify(value), ['content-type: application/json']);
}
