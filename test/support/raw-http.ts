import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** One answer on a connection that ended after it. */
export interface RawAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** A POST as bytes, for header lines that no well-behaved client sends. The connection ends after it. */
export function rawPost(url: string, body: string, lines: readonly string[]): string {
  const { host, pathname } = new URL(url);
  return [
    `POST ${pathname} HTTP/1.1`,
    `host: ${host}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    ...lines,
    '',
    body,
  ].join('\r\n');
}

/** Sends bytes over a connection of their own, header characters as latin1, and reads until it ends. */
export async function send(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(bytes, 'latin1');
  return text(socket);
}

/** Sends such a POST, and reads its answer. */
export async function postRaw(
  url: string,
  body: string,
  lines: readonly string[],
): Promise<RawAnswer> {
  const answer = await send(url, rawPost(url, body, lines));
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);
  return { status, body: JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as unknown };
}
