import { Buffer } from 'node:buffer';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { Readable } from 'node:stream';
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

type Encoding = NonNullable<Fault['encoding']>;

/** Sends an answer, in the way that a fault says. */
export function deliver(
  request: IncomingMessage,
  response: ServerResponse,
  answer: SimulatedResponse,
  fault?: Fault,
): void {
  if (fault?.hang === true) return;
  if (fault?.reset === true) reset(request);
  else if (fault?.huge !== undefined) sendHuge(response, answer, fault.huge, fault.encoding);
  else sendBody(request, response, answer, fault);
}

function sendBody(
  request: IncomingMessage,
  response: ServerResponse,
  answer: SimulatedResponse,
  fault: Fault | undefined,
): void {
  const body = fault?.encoding === undefined ? answer.body : compress(answer.body, fault.encoding);
  const headers = withLength(
    answer,
    encodingHeader(answer.headers, fault?.encoding),
    Buffer.byteLength(body),
  );
  response.writeHead(answer.status, headers);
  if (fault?.cut !== undefined) sendCut(request, response, body, fault.cut);
  else if (fault?.drip !== undefined) sendDrip(response, body, fault.drip);
  else response.end(body);
}

/** Adds the length, unless the answer says one itself, true or not. */
function withLength(
  answer: SimulatedResponse,
  headers: OutgoingHttpHeaders,
  length: number,
): OutgoingHttpHeaders {
  if (answer.status === 204 || answer.status === 304) return headers;
  const names = Object.keys(answer.headers).map((name) => name.toLowerCase());
  if (names.includes('content-length') || names.includes('transfer-encoding')) return headers;
  return { ...headers, 'content-length': length };
}

function encodingHeader(
  headers: OutgoingHttpHeaders,
  encoding: Encoding | undefined,
): OutgoingHttpHeaders {
  return encoding === undefined ? headers : { ...headers, 'content-encoding': encoding };
}

function reset(request: IncomingMessage): void {
  const { socket } = request;
  // A TLS socket has no reset of its own; its sudden end is what the caller sees either way.
  if (socket.constructor === Socket) socket.resetAndDestroy();
  else socket.destroy();
}

function sendCut(
  request: IncomingMessage,
  response: ServerResponse,
  body: string | Uint8Array,
  cut: NonNullable<Fault['cut']>,
): void {
  const bytes = Buffer.from(body);
  const part = bytes.subarray(0, cut === true ? Math.floor(bytes.length / 2) : cut.afterBytes);
  const close = () => request.socket.destroy();
  if (part.length > 0) {
    response.write(part, close);
    return;
  }
  response.flushHeaders();
  // The headers are in the socket's queue; ending, unlike destroying, sends what is queued.
  request.socket.end(close);
}

function sendDrip(
  response: ServerResponse,
  body: string | Uint8Array,
  { everyMs, bytes = 1 }: NonNullable<Fault['drip']>,
): void {
  const whole = Buffer.from(body);
  let sent = 0;
  response.flushHeaders();
  const timer = setInterval(() => {
    response.write(whole.subarray(sent, sent + bytes));
    sent += bytes;
    if (sent < whole.length) return;
    clearInterval(timer);
    response.end();
  }, everyMs);
  response.once('close', () => clearInterval(timer));
}

const BLANKS = Buffer.alloc(64 * 1024, ' ');

function* padded(body: string | Uint8Array, bytes: number): Generator<Uint8Array> {
  if (body.length > 0) yield Buffer.from(body);
  for (let left = bytes; left > 0; left -= BLANKS.length)
    yield BLANKS.subarray(0, Math.min(left, BLANKS.length));
}

function sendHuge(
  response: ServerResponse,
  answer: SimulatedResponse,
  huge: NonNullable<Fault['huge']>,
  encoding: Encoding | undefined,
): void {
  const headers = encodingHeader(answer.headers, encoding);
  const length = Buffer.byteLength(answer.body) + huge.bytes;
  const isAnnounced = huge.announced === true && encoding === undefined;
  response.writeHead(answer.status, isAnnounced ? withLength(answer, headers, length) : headers);
  const source = Readable.from(padded(answer.body, huge.bytes), { objectMode: false });
  const sending =
    encoding === undefined
      ? pipeline(source, response)
      : pipeline(source, compressor(encoding), response);
  // A caller who has seen enough closes the connection; that is what this fault is for.
  sending.catch(() => undefined);
}

const FAST_BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

function compressor(encoding: Encoding): NodeJS.ReadWriteStream {
  if (encoding === 'br') return createBrotliCompress(FAST_BROTLI);
  return encoding === 'gzip' ? createGzip() : createDeflate();
}

function compress(body: string | Uint8Array, encoding: Encoding): Uint8Array {
  if (encoding === 'br') return brotliCompressSync(body, FAST_BROTLI);
  return encoding === 'gzip' ? gzipSync(body) : deflateSync(body);
}
