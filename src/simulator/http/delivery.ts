import { Buffer } from 'node:buffer';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  brotliCompressSync,
  constants,
  createBrotliCompress,
  createDeflate,
  createGzip,
  deflateSync,
  gzipSync,
} from 'node:zlib';
import type { Fault } from '../faults/fault.ts';
import type { SimulatedResponse } from './response.ts';

/** Sends a response, in the way of a fault where there is one. */
export function deliver(
  request: IncomingMessage,
  response: ServerResponse,
  simulated: SimulatedResponse,
  fault: Fault = {},
): void {
  if (fault.hang === true) return;
  if (fault.reset === true) reset(request);
  else if (fault.oversized !== undefined)
    sendOversized(response, simulated, fault, fault.oversized);
  else sendBody(request, response, simulated, fault);
}

const fastBrotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

const compressors = {
  br: {
    compress: (body: string | Uint8Array) => brotliCompressSync(body, fastBrotli),
    stream: (): Transform => createBrotliCompress(fastBrotli),
  },
  gzip: { compress: gzipSync, stream: createGzip },
  deflate: { compress: deflateSync, stream: createDeflate },
};

function sendBody(
  request: IncomingMessage,
  response: ServerResponse,
  simulated: SimulatedResponse,
  { encoding, truncated, slow }: Fault,
): void {
  const { status, body } = simulated;
  const sent = encoding === undefined ? body : compressors[encoding].compress(body);
  response.writeHead(status, headersOf(simulated, encoding, Buffer.byteLength(sent)));
  if (truncated !== undefined) sendTruncated(request, response, Buffer.from(sent), truncated);
  else if (slow !== undefined) sendSlowly(response, Buffer.from(sent), slow);
  else response.end(sent);
}

/** The headers, with the length of the body unless they have one, true or not. */
function headersOf(
  { status, headers }: SimulatedResponse,
  encoding: Fault['encoding'],
  length: number | undefined,
): OutgoingHttpHeaders {
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  const hasLength = names.includes('content-length') || names.includes('transfer-encoding');
  const needsLength = length !== undefined && status !== 204 && status !== 304 && !hasLength;
  return {
    ...headers,
    ...(encoding !== undefined && { 'content-encoding': encoding }),
    ...(needsLength && { 'content-length': length }),
  };
}

function reset({ socket }: IncomingMessage): void {
  // A TLS socket has no reset of its own; the client sees a sudden end either way.
  if (socket.constructor === Socket) socket.resetAndDestroy();
  else socket.destroy();
}

function sendTruncated(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  truncated: NonNullable<Fault['truncated']>,
): void {
  const bytes = truncated === true ? Math.floor(body.length / 2) : truncated.afterBytes;
  const part = body.subarray(0, bytes);
  const close = () => request.socket.destroy();
  if (part.length > 0) {
    response.write(part, close);
    return;
  }
  response.flushHeaders();
  // The headers are in the socket's queue; ending, unlike destroying, sends what is queued.
  request.socket.end(close);
}

function sendSlowly(
  response: ServerResponse,
  body: Buffer,
  { everyMs, bytes = 1 }: NonNullable<Fault['slow']>,
): void {
  let sent = 0;
  response.flushHeaders();
  const timer = setInterval(() => {
    response.write(body.subarray(sent, sent + bytes));
    sent += bytes;
    if (sent < body.length) return;
    clearInterval(timer);
    response.end();
  }, everyMs);
  response.once('close', () => clearInterval(timer));
}

function sendOversized(
  response: ServerResponse,
  simulated: SimulatedResponse,
  { encoding }: Fault,
  { bytes, announced = false }: NonNullable<Fault['oversized']>,
): void {
  const isAnnounced = announced && encoding === undefined;
  const length = isAnnounced ? Buffer.byteLength(simulated.body) + bytes : undefined;
  response.writeHead(simulated.status, headersOf(simulated, encoding, length));
  const source = Readable.from(padded(simulated.body, bytes), { objectMode: false });
  const compression = encoding === undefined ? [] : [compressors[encoding].stream()];
  // A client that closes the connection before the end is what this fault is for.
  pipeline([source, ...compression, response]).catch(() => undefined);
}

const spaces = Buffer.alloc(64 * 1024, ' ');

function* padded(body: string | Uint8Array, bytes: number): Generator<Uint8Array> {
  if (body.length > 0) yield Buffer.from(body);
  for (let left = bytes; left > 0; left -= spaces.length)
    yield spaces.subarray(0, Math.min(left, spaces.length));
}
