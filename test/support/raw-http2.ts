import { once } from 'node:events';
import { connect } from 'node:net';
import { onTestFinished } from 'vitest';

/** The types of frames (RFC 9113, section 6), each at its number. */
const types = [
  'data',
  'headers',
  'priority',
  'rst_stream',
  'settings',
  'push_promise',
  'ping',
  'goaway',
  'window_update',
  'continuation',
] as const;

export type FrameType = (typeof types)[number];

/** A frame that was received. */
export interface Frame {
  readonly type: FrameType;
  readonly flags: number;
  readonly stream: number;
  /** Text of DATA, hexadecimal of all others. */
  readonly payload: string;
}

export const endStream = 1;
export const endHeaders = 4;
const acknowledge = 1;

/** A client of HTTP/2 in clear that sends the frames that a test defines, and no others. */
export interface RawHttp2 {
  /** The connection has closed. */
  readonly closed: Promise<unknown>;
  /** @returns false where the connection has closed. */
  send(type: FrameType, flags: number, stream: number, payload?: Uint8Array): boolean;
  /** Waits for the next frame of a type that no call has returned yet. */
  next(type: FrameType, stream?: number): Promise<Frame>;
  /** Sends a whole POST. */
  request(stream: number, body: string, headers?: Record<string, string>): void;
  /** Closes the client's part of the connection. */
  end(): void;
  acknowledgeSettings(): void;
  acknowledgePing(ping: Frame): void;
}

/** Opens a connection that closes with the test. */
export async function openRawHttp2(url: string): Promise<RawHttp2> {
  const { hostname, port } = new URL(url);
  const socket = connect({
    port: Number(port),
    host: hostname,
    noDelay: true,
    allowHalfOpen: true,
  });
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'connect');
  const frames: Frame[] = [];
  let received = Buffer.alloc(0);
  let onFrame: () => void = () => undefined;
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 9 && received.length >= 9 + received.readUIntBE(0, 3)) {
      const end = 9 + received.readUIntBE(0, 3);
      frames.push(toFrame(received.subarray(0, end)));
      received = received.subarray(end);
    }
    onFrame();
  });
  const send: RawHttp2['send'] = (type, flags, stream, payload = new Uint8Array()) => {
    if (socket.destroyed) return false;
    socket.write(encodeFrame(type, flags, stream, payload));
    return true;
  };
  socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  send('settings', 0, 0);
  return {
    closed,
    send,
    async next(type, stream) {
      for (;;) {
        const index = frames.findIndex(
          (frame) => frame.type === type && (stream === undefined || frame.stream === stream),
        );
        const [frame] = index < 0 ? [] : frames.splice(index, 1);
        if (frame) return frame;
        if (socket.destroyed) throw new Error(`the connection closed before a frame ${type}`);
        const { promise, resolve } = Promise.withResolvers<void>();
        onFrame = resolve;
        await Promise.race([promise, closed]);
      }
    },
    request(stream, body, headers = {}) {
      send('headers', endHeaders, stream, encodeHeaders({ ...requestHeaders, ...headers }));
      send('data', endStream, stream, Buffer.from(body));
    },
    end: () => void socket.end(),
    acknowledgeSettings: () => void send('settings', acknowledge, 0),
    acknowledgePing: ({ payload }) =>
      void send('ping', acknowledge, 0, Buffer.from(payload, 'hex')),
  };
}

/** The head of `POST /graphql`. */
export const requestHeaders = {
  ':method': 'POST',
  ':scheme': 'http',
  ':path': '/graphql',
  ':authority': 'localhost',
  'content-type': 'application/json',
};

/** Encodes headers by HPACK's literals without indexing (RFC 7541, section 6.2.2). */
export function encodeHeaders(headers: Readonly<Record<string, string>>): Buffer {
  const parts = Object.entries(headers).flatMap(([name, value]) => [
    Buffer.of(0),
    ...[name, value].flatMap((text) => [encodeLength(text.length), Buffer.from(text, 'latin1')]),
  ]);
  return Buffer.concat(parts);
}

function encodeLength(length: number): Buffer {
  if (length < 127) return Buffer.of(length);
  const bytes = [127];
  let rest = length - 127;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}

function encodeFrame(type: FrameType, flags: number, stream: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(types.indexOf(type), 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

function toFrame(bytes: Buffer): Frame {
  const type = types[bytes.readUInt8(3)];
  if (type === undefined) throw new Error(`unknown type of frame ${bytes.readUInt8(3)}`);
  return {
    type,
    flags: bytes.readUInt8(4),
    stream: bytes.readUInt32BE(5),
    payload: bytes.toString(type === 'data' ? 'utf8' : 'hex', 9),
  };
}
