import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Api } from '../../src/errors/extensions.ts';

/** What is done with a request: anything at all, to the connection that it came on. */
export type RespondWith = (socket: Socket) => void;

/** A server that speaks just enough HTTP to respond to each request as a test defines. */
export interface Double {
  /** Its base URL. */
  readonly url: string;
  /** The requests so far, as `<api> <token>`, and their headers as they came. */
  readonly requests: readonly { readonly name: string; readonly head: string }[];
  /** Says what is done with the requests of one token to one API. Any other is reset. */
  play(api: Api, token: string, play: RespondWith): void;
}

/** Starts a double that ends with the test. */
export async function startDouble(): Promise<Double> {
  const plays = new Map<string, RespondWith>();
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
      const play = plays.get(name) ?? reset;
      play(socket);
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
    play: (api, token, play) => void plays.set(`${api} ${token}`, play),
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

/** The bytes of a whole response, with its length. */
export function http(
  status: number,
  body: string | Uint8Array = '',
  headers: readonly string[] = [],
): Uint8Array {
  const bytes = Buffer.from(body);
  const lines = [`HTTP/1.1 ${status} Status`, ...headers, `content-length: ${bytes.length}`];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), bytes]);
}

/** The bytes of a whole response of JSON. */
export function json(status: number, value: unknown): Uint8Array {
  return http(status, JSON.stringify(value), ['content-type: application/json']);
}
