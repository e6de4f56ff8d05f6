import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HttpBounds } from './bounds.ts';
import { closeAfter } from './close-after.ts';
import { sendServiceUnavailable } from './error-response.ts';
import type { GraphQLHandler } from './graphql-route.ts';
import { isProbe } from './health.ts';

/** The requests of one connection. */
interface Pipeline {
  inFlight: number;
  /** The response to the latest request. */
  latest: ServerResponse | undefined;
  /** Starts each request that waits, since `maxPipelined` are in flight. */
  readonly waiting: (() => void)[];
}

/** Tracks the requests in flight: bounds their number, and completes them when the process drains. */
export class InFlightRequests {
  readonly #bounds: HttpBounds;
  /** Of the open connections. */
  readonly #pipelines = new Map<Socket, Pipeline>();
  readonly #idle = Promise.withResolvers<void>();
  #inFlight = 0;
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
      if (pipeline.inFlight < this.#bounds.maxPipelined)
        return this.#start(request, reply, pipeline, done);
      pipeline.waiting.push(() => this.#start(request, reply, pipeline, done));
      stopReading(request.raw.socket);
    });
  }

  /**
   * Bounds the requests that a handler handles at once. A request counts once it is whole, so that slow clients do not
   * use up the bound. While `maxRequests` are in flight, all other requests but probes are refused too.
   */
  limit(handler: GraphQLHandler): GraphQLHandler {
    const end = () => {
      this.#whole -= 1;
    };
    return (request, reply) => {
      if (this.#isFull(request.url)) return Promise.resolve(this.#refuse(reply));
      this.#whole += 1;
      const handled = handler(request, reply);
      handled.then(end, end);
      return handled;
    };
  }

  /** From now on each response closes its connection. */
  startDraining(): void {
    this.#draining = true;
    for (const { latest } of this.#pipelines.values()) if (latest) closeAfter(latest);
  }

  /**
   * Closes idle connections, drops the requests that are not whole, and waits for the others.
   *
   * @returns when no request is in flight.
   */
  async complete(): Promise<void> {
    this.#stopped = true;
    for (const [socket, pipeline] of this.#pipelines) {
      if (pipeline.inFlight === 0) socket.destroy();
      dropIncomplete(socket, pipeline);
    }
    if (this.#inFlight > 0) await this.#idle.promise;
  }

  #start(request: FastifyRequest, reply: FastifyReply, pipeline: Pipeline, done: () => void): void {
    this.#track(reply.raw, pipeline);
    if (this.#isFull(request.url)) this.#refuse(reply);
    else done();
  }

  #track(response: ServerResponse, pipeline: Pipeline): void {
    const { socket } = response.req;
    this.#inFlight += 1;
    pipeline.inFlight += 1;
    pipeline.latest = response;
    if (this.#draining) closeAfter(response);
    // Unlike the hook onResponse this comes, too, where the client disconnects before its response.
    response.on('close', () => {
      this.#inFlight -= 1;
      pipeline.inFlight -= 1;
      if (pipeline.latest === response) pipeline.latest = undefined;
      startNext(pipeline, socket);
      if (!this.#stopped) return;
      dropIncomplete(socket, pipeline);
      if (this.#inFlight === 0) this.#idle.resolve();
    });
  }

  #pipelineOf(socket: Socket): Pipeline {
    const existing = this.#pipelines.get(socket);
    if (existing) return existing;
    const pipeline: Pipeline = { inFlight: 0, latest: undefined, waiting: [] };
    this.#pipelines.set(socket, pipeline);
    socket.once('close', () => this.#pipelines.delete(socket));
    return pipeline;
  }

  #isFull(url: string): boolean {
    return this.#whole >= this.#bounds.maxRequests && !isProbe(url);
  }

  #refuse(reply: FastifyReply): void {
    sendServiceUnavailable(
      reply,
      `${this.#bounds.maxRequests} requests are in flight, which is the most.`,
    );
  }
}

/** Closes a connection whose only request is not whole. */
function dropIncomplete(socket: Socket, { inFlight, latest }: Pipeline): void {
  if (inFlight === 1 && latest?.req.complete === false) socket.destroy();
}

/** Starts the next request of a connection, or reads on where none waits. */
function startNext({ waiting }: Pipeline, socket: Socket): void {
  const start = waiting.shift();
  if (start) start();
  else if (Object.hasOwn(socket, 'resume')) resumeReading(socket);
}

/** Earlier requests, whose bodies are read later, would resume the connection. */
function stopReading(socket: Socket): void {
  socket.pause();
  socket.resume = () => socket;
}

function resumeReading(socket: Socket): void {
  Reflect.deleteProperty(socket, 'resume');
  socket.resume();
}
