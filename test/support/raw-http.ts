import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** One answer on a connection that ended after it. */
export interface RawResponse {
  readonly status: number;
  readonly body: unknown;
}

/** Sends a POST with header lines that no well-behaved client sends, as latin1, and reads its answer. */
export async function postRaw(
  url: string,
  body: string,
  lines: readonly string[],
): Promise<RawResponse> {
  const { host, hostname, port, pathname } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const head = [
    `POST ${pathname} HTTP/1.1`,
    `host: ${host}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    ...lines,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`, 'latin1');
  const answer = await text(socket);
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);
  return { status, body: JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as unknown };
}
