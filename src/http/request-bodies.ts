import type { IncomingHttpHeaders } from 'node:http';
import { Transform } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { HttpError } from './http-error.ts';

/** A body of up to this many bytes is not counted: it is as small as headers may be. */
const minBytes = 16 * 1024;

/**
 * Bounds the memory of the bodies of all requests in flight together, whole or not; of compressed ones after
 * decompression. The request whose bytes would exceed the bound gets 503. Register it after decompression.
 *
 * @param maxBytes - the bound on all of them together.
 */
export function limitRequestBodies(app: FastifyInstance, maxBytes: number): void {
  let inFlight = 0;
  app.addHook('preParsing', (request, reply, payload, done) => {
    if (request.method === 'GET' || isSmall(request.headers)) return done(null, payload);
    let bytes = 0;
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, callback) {
        const needed = inFlight + chunk.length;
        if (needed > maxBytes) return callback(new HttpError(503, tooMany(needed, maxBytes)));
        inFlight = needed;
        bytes += chunk.length;
        callback(null, chunk);
      },
    });
    reply.raw.once('close', () => {
      inFlight -= bytes;
    });
    payload.on('error', (error) => counted.destroy(error));
    // Fastify compares this with Content-Length.
    Object.defineProperty(counted, 'receivedEncodedLength', {
      get: () => payload.receivedEncodedLength,
    });
    done(null, payload.pipe(counted));
  });
}

function isSmall(headers: IncomingHttpHeaders): boolean {
  return headers['content-encoding'] === undefined && Number(headers['content-length']) <= minBytes;
}

function tooMany(needed: number, maxBytes: number): string {
  return `The bodies of all requests in flight may have at most ${maxBytes} bytes together, received ${needed}.`;
}
