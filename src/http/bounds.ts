import type { TurnBounds } from '../loaders/turn-queue.ts';

/** The largest body of a request in bytes, also after decompression. */
export const maxBodyBytes = 1024 * 1024;

/** The largest headers of a request in bytes. */
export const maxHeaderBytes = 16 * 1024;

/** Bounds that protect the process from its clients. */
export interface HttpBounds extends TurnBounds {
  /** Requests that are in flight in the process, whole ones only. Default: 5,000; the next gets 503. */
  readonly maxRequests: number;
  /**
   * Requests in flight on one connection. Default: 100; then nothing is read from one of HTTP/1.1 until one is
   * complete, and clients of HTTP/2 open no more streams.
   */
  readonly maxPipelined: number;
  /** How long a client may take to send a whole request, in milliseconds. Default: 30,000. */
  readonly requestTimeoutMs: number;
  /**
   * How long an idle connection is kept, in milliseconds. Default: 95,000, longer than the 90 s for which Go's and
   * hyper's pools reuse one.
   */
  readonly keepAliveTimeoutMs: number;
  /** How long a client may leave its response unread, in milliseconds. Default: 30,000. */
  readonly writeTimeoutMs: number;
  /** Bytes of all responses together that clients have not read yet. Default: 64 MiB; the next gets 503. */
  readonly maxUnreadBytes: number;
  /**
   * How long a client may take to read a response of more than 64 KiB, in milliseconds, in addition
   * to the time that its length takes at `minReadBytesPerMs`. Default: 30,000.
   */
  readonly readTimeoutMs: number;
  /** How fast a client must read such a response, in bytes a millisecond. Default: 256, which is 250 KiB/s. */
  readonly minReadBytesPerMs: number;
  /** Bytes of the bodies of all requests in flight together. Default: 64 MiB; the next gets 503. */
  readonly maxRequestBytes: number;
  /**
   * How long, once the process no longer listens, a client of HTTP/2 may take to acknowledge the end of its
   * connection and to send the rest of its requests, in milliseconds. Default: 5,000.
   */
  readonly goawayTimeoutMs: number;
  /** How often files of certificates are checked for changes, in milliseconds. Default: 5,000. */
  readonly certificateCheckMs: number;
}

export const defaultBounds: HttpBounds = {
  maxRequests: 5000,
  maxPipelined: 100,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 95_000,
  writeTimeoutMs: 30_000,
  maxUnreadBytes: 64 * 1024 * 1024,
  readTimeoutMs: 30_000,
  minReadBytesPerMs: 256,
  maxRequestBytes: 64 * 1024 * 1024,
  maxTurns: 2,
  maxSuspended: 4,
  maxUnparsedBytes: 64 * 1024 * 1024,
  maxWaitingForTurn: 100,
  maxTurnWaitMs: 10_000,
  goawayTimeoutMs: 5000,
  certificateCheckMs: 5000,
};
