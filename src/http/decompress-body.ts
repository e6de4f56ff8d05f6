import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { HttpError } from './http-error.ts';

const decoders = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** Accepts compressed bodies. Fastify's `bodyLimit` bounds them both before and after decompression. */
export function registerDecompression(app: FastifyInstance): void {
  app.addHook('preParsing', (request, _reply, payload, done) => {
    const encoding = request.headers['content-encoding']?.toLowerCase() ?? '';
    if (encoding === '' || encoding === 'identity') return done(null, payload);
    if (!isSupported(encoding))
      return done(new HttpError(415, 'Content-Encoding must be gzip, br or deflate.'));

    const decoder = decoders[encoding]();
    let receivedEncodedLength = 0;
    payload.on('data', (chunk: Buffer) => {
      receivedEncodedLength += chunk.length;
    });
    payload.on('error', (error) => decoder.destroy(error));
    // Runs before Fastify's listener, which responds with the message.
    decoder.on('error', (error) => {
      if (!(error instanceof HttpError)) error.message = `The body is not valid ${encoding}.`;
    });
    // Fastify compares this with Content-Length.
    Object.defineProperty(decoder, 'receivedEncodedLength', { get: () => receivedEncodedLength });
    done(null, payload.pipe(decoder));
  });
}

function isSupported(encoding: string): encoding is keyof typeof decoders {
  return Object.hasOwn(decoders, encoding);
}
