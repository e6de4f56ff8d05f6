import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { type TLSSocket, Server as TlsServer } from 'node:tls';
import type { HttpBounds } from './bounds.ts';
import { detectProtocol } from './detect-protocol.ts';
import { Http2Connections } from './http2-connections.ts';

/** The protocols that clients of HTTPS may choose from, in `ALPNProtocols` of the server. */
export const alpnProtocols = ['h2', 'http/1.1'];

/** HTTP/2 on the port of a server of HTTP/1.1. */
export interface Http2OnPort {
  /**
   * Ends all connections of HTTP/2 once their requests in flight are complete.
   *
   * @returns when no further request will arrive.
   */
  end(): Promise<void>;
  /** Ends all connections of HTTP/2 at once. */
  destroy(): void;
}

/**
 * Has a server of HTTP/1.1 accept HTTP/2 too: over TLS by ALPN, in clear by prior knowledge, which is recognized by
 * the first bytes of a connection. Requests of both protocols are its event `request`.
 */
export function acceptHttp2(server: Server, bounds: HttpBounds): Http2OnPort {
  const http2 = new Http2Connections(
    (request, response) => void server.emit('request', request, response),
    bounds,
  );
  const undecided = new Set<Socket>();
  const event = server instanceof TlsServer ? 'secureConnection' : 'connection';
  const http1Listeners = server.listeners(event);
  const serveHttp1 = (socket: Socket) => {
    for (const listener of http1Listeners) Reflect.apply(listener, server, [socket]);
  };
  const acceptTls = (socket: TLSSocket) => {
    if (socket.alpnProtocol === 'h2') http2.serve(socket);
    else serveHttp1(socket);
  };
  const acceptClear = (socket: Socket) => {
    undecided.add(socket);
    const decided = () => undecided.delete(socket);
    socket.once('close', decided);
    detectProtocol(socket, bounds.requestTimeoutMs, (isHttp2, received) => {
      decided();
      if (isHttp2) {
        // A session reads what is buffered when it starts.
        socket.pause().unshift(received);
        return http2.serve(socket);
      }
      serveHttp1(socket);
      // Otherwise the socket would resume later, although the server may have paused it by then.
      socket.read(0);
      socket.unshift(received);
    });
  };
  server.removeAllListeners(event).on(event, server instanceof TlsServer ? acceptTls : acceptClear);
  const dropUndecided = () => {
    for (const socket of undecided) socket.destroy();
  };
  return {
    async end() {
      dropUndecided();
      await http2.end();
    },
    destroy() {
      http2.destroy();
    },
  };
}
