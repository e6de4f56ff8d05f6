import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** The one response of a connection, which is closed after it. */
export interface RawResponse {
  readonly status: number;
  readonly body: unknown;
}

/** Sends a POST with header lines that no well-behaved client sends, as latin1, and reads the response. */
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
  const response = await text(socket);
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(response)?.[1]);
  return { status, body: JSON.parse(response.slice(response.indexOf('\r\n\r\n'))) as unknown };
}
