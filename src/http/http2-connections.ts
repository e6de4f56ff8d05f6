import { once } from 'node:events';
import {
  constants,
  createServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import type { Socket } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { type HttpBounds, maxHeaderBytes } from './bounds.ts';
import { cancelResponse } from './cancel-response.ts';
import { errorResponse } from './error-response.ts';
import { HttpError } from './http-error.ts';

/** How long a client may leave a connection half closed, in milliseconds. */
const closeTimeoutMs = 500;

/** Header fields of one request. Their bytes are bounded too. */
const maxHeaderFields = 1000;

/**
 * The memory of one connection, in megabytes: more than its streams need at once, each at most 48 KiB of headers and
 * 64 KiB of the response.
 */
const maxConnectionMegabytes = 32;

/**
 * GOAWAY with the largest id of a stream (RFC 9113, section 6.8): the client opens no more streams, and those that
 * are on the way are served. Node.js sends only a GOAWAY after which it ignores new streams.
 */
const shutdownNotice = Buffer.from('0000080700000000007fffffff00000000', 'hex');

/** A request in flight. */
interface RequestState {
  readonly response: Http2ServerResponse;
  readonly startedAt: number;
  /** Since when the client has left a part of the response unread; infinite where it has not. */
  unreadSince: number;
}

/** A connection that is open. */
interface Connection {
  readonly socket: Socket;
  readonly session: ServerHttp2Session;
  readonly requests: Map<Http2ServerRequest, RequestState>;
  idleSince: number;
}

/** Serves connections that speak HTTP/2, with the bounds that Node.js has for HTTP/1.1 only. */
export class Http2Connections {
  readonly #bounds: HttpBounds;
  readonly #server: Http2Server;
  readonly #connections = new Map<ServerHttp2Session, Connection>();
  readonly #timer: NodeJS.Timeout;

  /** @param onRequest - handles each request, as the listener of `request` of an HTTP/1.1 server does. */
  constructor(
    onRequest: (request: Http2ServerRequest, response: Http2ServerResponse) => void,
    bounds: HttpBounds,
  ) {
    this.#bounds = bounds;
    this.#server = createServer({
      maxHeaderListPairs: maxHeaderFields,
      maxSessionMemory: maxConnectionMegabytes,
      settings: {
        maxConcurrentStreams: bounds.maxPipelined,
        // Here a field counts 32 bytes more than it has. Requests of more than 16 KiB get 431 below this.
        maxHeaderListSize: 3 * maxHeaderBytes,
      },
    });
    this.#server.on('request', (request, response) => {
      if (!this.#track(request, response)) return;
      if (bytesOf(request.rawHeaders) > maxHeaderBytes) return refuseHeaders(response);
      request.headers.host ??= request.authority;
      onRequest(request, response);
    });
    const checkMs = bounds.requestTimeoutMs / 100;
    this.#timer = setInterval(() => this.#check(performance.now()), checkMs).unref();
  }

  /** Serves a connection whose client speaks HTTP/2. */
  serve(socket: Socket): void {
    this.#server.once('session', (session) => {
      const idleSince = performance.now();
      this.#connections.set(session, { socket, session, requests: new Map(), idleSince });
      socket.once('close', () => this.#connections.delete(session));
    });
    // A client that closes its part of the connection is gone, as it is in HTTP/1.1.
    socket.allowHalfOpen = false;
    this.#server.emit('connection', socket);
  }

  /**
   * Has all clients open no more streams, and ends each connection once its requests in flight are complete.
   *
   * @returns when no further request will arrive.
   */
  async end(): Promise<void> {
    const { goawayTimeoutMs } = this.#bounds;
    await Promise.all(
      [...this.#connections.values()].map((one) => endConnection(one, goawayTimeoutMs)),
    );
  }

  /** Ends all connections at once. */
  destroy(): void {
    clearInterval(this.#timer);
    for (const { session, socket } of this.#connections.values()) {
      session.destroy();
      destroySoon(socket);
    }
  }

  /** @returns false where the connection has closed already. */
  #track(request: Http2ServerRequest, response: Http2ServerResponse): boolean {
    const { stream } = response;
    const connection = this.#connections.get(stream.session as ServerHttp2Session);
    if (!connection) return false;
    const startedAt = performance.now();
    const state: RequestState = { response, startedAt, unreadSince: Number.POSITIVE_INFINITY };
    connection.requests.set(request, state);
    // As in HTTP/1.1. Node.js has it false over HTTP/2 until the body, even an empty one, is read.
    Object.defineProperty(request, 'complete', {
      get: () => stream.destroyed || stream.state.remoteClose === 1,
    });
    // The reader of the body receives the error too, where there is one.
    request.on('error', () => undefined);
    stream.on('drain', () => {
      state.unreadSince = Number.POSITIVE_INFINITY;
    });
    stream.once('wantTrailers', () => {
      // The rest of the body is not read. What is scheduled already sends the end of the response first.
      if (!request.complete)
        void setImmediate().then(() => stream.close(constants.NGHTTP2_NO_ERROR));
    });
    stream.once('close', () => {
      // As in HTTP/1.1.
      Object.assign(response, { destroyed: true });
      connection.requests.delete(request);
      connection.idleSince = performance.now();
    });
    return true;
  }

  #check(now: number): void {
    const { requestTimeoutMs, keepAliveTimeoutMs } = this.#bounds;
    for (const { session, socket, requests, idleSince } of this.#connections.values()) {
      const idleMs = requests.size > 0 ? 0 : now - idleSince;
      if (idleMs >= (session.closed ? closeTimeoutMs : keepAliveTimeoutMs)) {
        session.close();
        destroySoon(socket);
      }
      for (const [request, state] of requests) {
        const { response, startedAt } = state;
        if (!request.complete && now - startedAt >= requestTimeoutMs)
          request.destroy(new HttpError(408, 'The request was not whole in time.'));
        if (this.#isUnread(state, now)) cancelResponse(response);
      }
    }
  }

  /** Whether the client has left the response unread for too long. */
  #isUnread(state: RequestState, now: number): boolean {
    const isUnread = state.response.writableLength > 0;
    state.unreadSince = isUnread ? Math.min(state.unreadSince, now) : Number.POSITIVE_INFINITY;
    return now - state.unreadSince >= this.#bounds.writeTimeoutMs;
  }
}

async function endConnection(
  { session, socket, requests }: Connection,
  timeoutMs: number,
): Promise<void> {
  const timer = new AbortController();
  const atMost = Promise.race([
    once(socket, 'close').catch(() => undefined),
    setTimeout(timeoutMs, undefined, timer).catch(() => undefined),
  ]);
  if (!session.encrypted)
    await Promise.race([announceEnd(session, socket).catch(() => undefined), atMost]);
  session.close();
  const incomplete = () => [...requests].filter(([{ complete }]) => !complete);
  const closed = incomplete().map(([request]) => once(request, 'close').catch(() => undefined));
  await Promise.race([Promise.all(closed), atMost]);
  timer.abort();
  // Their clients may send them again elsewhere.
  for (const [, { response }] of incomplete())
    response.stream.close(constants.NGHTTP2_REFUSED_STREAM);
  // Frames are sent in the next iteration of the event loop.
  await setImmediate();
}

/** @returns once the client opens no more streams. */
async function announceEnd(session: ServerHttp2Session, socket: Socket): Promise<void> {
  // SETTINGS must be the first frame that a client receives.
  if (session.pendingSettingsAck) await once(session, 'localSettings');
  if (session.closed) return;
  socket.write(shutdownNotice);
  const { promise, resolve } = Promise.withResolvers<void>();
  session.ping(() => resolve());
  await promise;
  // The callback of the ping runs within the session's read, in which frames of a stream would be lost.
  await setImmediate();
}

function destroySoon(socket: Socket): void {
  void setTimeout(closeTimeoutMs).then(() => socket.destroy());
}

function bytesOf(rawHeaders: readonly string[]): number {
  let bytes = 0;
  for (const part of rawHeaders) bytes += part.length;
  return bytes;
}

function refuseHeaders(response: Http2ServerResponse): void {
  response
    .writeHead(431, {
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
    })
    .end(JSON.stringify(errorResponse('The headers are larger than 16 KiB.', 'BAD_REQUEST')));
}
