import type { Socket } from 'node:net';
import { errorResponse } from './error-response.ts';

/** How long a client may go on sending after the response, in milliseconds. */
const lingerMs = 1000;

/**
 * Responds to what is no HTTP request, and reads on for a while: a connection that is closed while its client
 * still sends loses the response. Nothing is logged, since such an error has the client's bytes.
 */
export function handleClientError(error: { readonly code?: string }, socket: Socket): void {
  // Whatever the client sends after the response arrives here too, and so does the error that has closed a connection.
  if (!socket.writable) return;
  const [status, message] = statusFor(error.code);
  const body = JSON.stringify(errorResponse(message, 'BAD_REQUEST'));
  const head = [
    `HTTP/1.1 ${status}`,
    'cache-control: no-store',
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  setTimeout(() => socket.destroy(), lingerMs).unref();
}

function statusFor(code: string | undefined): [status: string, message: string] {
  if (code === 'HPE_HEADER_OVERFLOW')
    return ['431 Request Header Fields Too Large', 'The headers are larger than 16 KiB.'];
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return ['408 Request Timeout', 'The request was not whole in time.'];
  return ['400 Bad Request', 'The request is not HTTP.'];
}
