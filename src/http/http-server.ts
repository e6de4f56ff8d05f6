import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { type HttpBounds, maxHeaderBytes } from './bounds.ts';

/** Creates a server of HTTP/1.1, over TLS where there are certificates. */
export function createHttpServer(
  listener: RequestListener,
  { requestTimeoutMs, keepAliveTimeoutMs, writeTimeoutMs }: HttpBounds,
  certificates?: TlsOptions,
): Server {
  const options: ServerOptions = {
    maxHeaderSize: maxHeaderBytes,
    keepAliveTimeout: keepAliveTimeoutMs,
    requestTimeout: requestTimeoutMs,
    // Node.js takes the larger of the two for the whole request, and its default for headers is larger.
    headersTimeout: requestTimeoutMs,
    connectionsCheckingInterval: Math.ceil(requestTimeoutMs / 6),
  };
  const server = certificates
    ? createSecureServer({ ...options, ...certificates }, listener)
    : createServer(options, listener);
  return server.setTimeout(writeTimeoutMs, (socket: Socket) => {
    // A connection that waits for a vCenter is as quiet as one whose client does not read.
    const isWaiting = socket.timeout === writeTimeoutMs && socket.writableLength === 0;
    if (!isWaiting) socket.destroy();
  });
}
