import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { HttpBounds } from './bounds.ts';
import { errorResponse } from './error-response.ts';
import { isProbe } from './health.ts';

/** The requests of one connection. */
interface Pipeline {
  inFlight: number;
  /** Whether a response with `Connection: close` is queued: what comes after it is not served. */
  closing: boolean;
}

/** Tracks the requests in flight: bounds their number, and completes them when the process drains. */
export class InFlightRequests {
  readonly #bounds: HttpBounds;
  /** Each response that is not complete, with its request. */
  readonly #responses = new Map<ServerResponse, IncomingMessage>();
  readonly #pipelines = new WeakMap<Socket, Pipeline>();
  readonly #idle = Promise.withResolvers<void>();
  #whole = 0;
  #draining = false;
  #stopped = false;

  constructor(bounds: HttpBounds) {
    this.#bounds = bounds;
  }

  /** Whether the process is about to end. */
  get draining(): boolean {
    return this.#draining;
  }

  /** Adds the hooks that track and bound requests. */
  register(app: FastifyInstance): void {
    app.addHook('onRequest', (request, reply, done) => {
      const pipeline = this.#pipelineOf(request.raw.socket);
      if (pipeline.closing) {
        // RFC 9112, 9.6: nothing after the request whose response closes the connection is processed.
        reply.hijack();
        request.raw.socket.pause();
        return;
      }
      this.#track(request.raw, reply.raw, pipeline);
      if (pipeline.inFlight > this.#bounds.maxPipelined) {
        pipeline.closing = true;
        return void refuse(
          reply.header('connection', 'close'),
          `At most ${this.#bounds.maxPipelined} requests may wait on one connection.`,
        );
      }
      if (this.#isFull(request.url)) return void this.#refuseForRoom(reply);
      done();
    });
    // A request counts once it is whole, so that slow clients take no room from others.
    app.addHook('preHandler', (request, reply, done) => {
      if (this.#isFull(request.url)) return void this.#refuseForRoom(reply);
      this.#whole += 1;
      reply.raw.once('close', () => {
        this.#whole -= 1;
      });
      done();
    });
  }

  /** From now on each response closes its connection. */
  startDraining(): void {
    this.#draining = true;
    for (const response of this.#responses.keys()) closeAfter(response);
  }

  /**
   * Drops the requests that are not whole, and waits for the others.
   *
   * @returns when no request is in flight.
   */
  async complete(): Promise<void> {
    this.#stopped = true;
    for (const { complete, socket } of this.#responses.values())
      if (!complete && this.#pipelineOf(socket).inFlight === 1) socket.destroy();
    if (this.#responses.size > 0) await this.#idle.promise;
  }

  #track(request: IncomingMessage, response: ServerResponse, pipeline: Pipeline): void {
    pipeline.inFlight += 1;
    this.#responses.set(response, request);
    if (this.#draining) closeAfter(response);
    // Unlike the hook onResponse this comes, too, where the client disconnects before its response.
    response.once('close', () => {
      pipeline.inFlight -= 1;
      this.#responses.delete(response);
      if (this.#stopped && this.#responses.size === 0) this.#idle.resolve();
    });
  }

  #pipelineOf(socket: Socket): Pipeline {
    let pipeline = this.#pipelines.get(socket);
    if (pipeline === undefined) {
      pipeline = { inFlight: 0, closing: false };
      this.#pipelines.set(socket, pipeline);
    }
    return pipeline;
  }

  #isFull(url: string): boolean {
    return this.#whole >= this.#bounds.maxRequests && !isProbe(url);
  }

  #refuseForRoom(reply: FastifyReply): void {
    refuse(reply, `${this.#bounds.maxRequests} requests are in flight, which is the most.`);
  }
}

function refuse(reply: FastifyReply, message: string): void {
  reply
    .code(503)
    .header('cache-control', 'no-store')
    .header('retry-after', '1')
    .send(errorResponse(message, 'SERVICE_UNAVAILABLE'));
}

function closeAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close');
}
