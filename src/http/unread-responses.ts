import type { ServerResponse } from 'node:http';

/** A response of up to this many bytes is not counted: the operating system's buffers hold it. */
const minBytes = 64 * 1024;

/** Bounds the memory of all responses together that clients have not read yet. */
export class UnreadResponses {
  readonly #maxBytes: number;
  #bytes = 0;

  /** @param maxBytes - the bound on all of them together. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Counts a response until its client has read it or has disconnected.
   *
   * @param bytes - the length of its body.
   * @returns false where it would exceed the bound: then it must not be sent, and is not counted.
   */
  add(response: ServerResponse, bytes: number): boolean {
    if (bytes <= minBytes) return true;
    if (this.#bytes + bytes > this.#maxBytes) return false;
    this.#bytes += bytes;
    response.once('close', () => {
      this.#bytes -= bytes;
    });
    return true;
  }
}
