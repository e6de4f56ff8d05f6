import { channel } from 'node:diagnostics_channel';
import type { Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { onTestFinished } from 'vitest';

/** The server of the next subgraph that is started. */
export async function nextServer(): Promise<Server> {
  const { promise, resolve } = Promise.withResolvers<Server>();
  const onStart = (message: unknown) =>
    resolve((message as { fastify: FastifyInstance }).fastify.server);
  channel('fastify.initialization').subscribe(onStart);
  onTestFinished(() => void channel('fastify.initialization').unsubscribe(onStart));
  return promise;
}

/** The number of its connections that are open. */
export function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}
