import type { ServerResponse } from 'node:http';
import type { HttpBounds } from './bounds.ts';
import { cancelResponse } from './cancel-response.ts';

/** A response of HTTP/1.1 of up to this many bytes is not counted: the operating system's buffers hold it. */
const minBytes = 64 * 1024;

/** Bounds the memory of all responses together that clients have not read yet, and the time for which each is held. */
export class UnreadResponses {
  readonly #bounds: HttpBounds;
  #bytes = 0;

  constructor(bounds: HttpBounds) {
    this.#bounds = bounds;
  }

  /**
   * Counts a response until its client has read it or has disconnected. A client that reads it too slowly is
   * disconnected.
   *
   * @param bytes - the length of its body.
   * @returns false where it would exceed the bound: then it must not be sent, and is not counted.
   */
  add(response: ServerResponse, bytes: number): boolean {
    if (bytes <= minBytes && response.req.httpVersionMajor < 2) return true;
    // Its client has disconnected: nothing would end the count.
    if (response.destroyed) return true;
    if (this.#bytes + bytes > this.#bounds.maxUnreadBytes) return false;
    this.#bytes += bytes;
    const { readTimeoutMs, minReadBytesPerMs } = this.#bounds;
    const slow = setTimeout(
      () => cancelResponse(response),
      readTimeoutMs + bytes / minReadBytesPerMs,
    );
    response.once('close', () => {
      clearTimeout(slow);
      this.#bytes -= bytes;
    });
    return true;
  }
}
