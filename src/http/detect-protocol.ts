import type { Socket } from 'node:net';
import { handleClientError } from './client-error.ts';

/** What each connection of HTTP/2 starts with (RFC 9113, section 3.4). No request of HTTP/1.1 does. */
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/**
 * Reads as much of a connection as it takes to tell HTTP/2 from HTTP/1.1. Where that does not arrive in time, the
 * connection is closed with status 408.
 *
 * @param timeoutMs - how long it may take, in milliseconds.
 * @param onProtocol - called once with the bytes read, unless the connection closes before. The socket is in flowing
 * mode then: `unshift` the bytes when a listener of `data` is there.
 */
export function detectProtocol(
  socket: Socket,
  timeoutMs: number,
  onProtocol: (isHttp2: boolean, received: Buffer) => void,
): void {
  let received = Buffer.alloc(0);
  const onData = (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    const isHttp2 = received.subarray(0, preface.length).equals(preface);
    if (!isHttp2 && preface.subarray(0, received.length).equals(received)) return;
    stop();
    onProtocol(isHttp2, received);
  };
  const onEnd = () => socket.destroy();
  const stop = () => {
    clearTimeout(deadline);
    socket.off('data', onData).off('end', onEnd);
  };
  const deadline = setTimeout(
    () => handleClientError({ code: 'ERR_HTTP_REQUEST_TIMEOUT' }, socket),
    timeoutMs,
  ).unref();
  socket.on('data', onData).on('end', onEnd).on('close', stop);
  // Its closing follows.
  socket.on('error', () => undefined);
}
