import { isUtf8 } from 'node:buffer';
import type { Client, Dispatcher } from 'undici';
import { asError } from '../../errors/as-error.ts';
import type { UpstreamCall, UpstreamResponse } from './call.ts';
import { decompress } from './decompress.ts';
import {
  CanceledCallError,
  DeadlineExceededError,
  InvalidResponseError,
  ResponseTooLargeError,
} from './errors.ts';
import { type LongBodies, type LongBody, shortBodyBytes } from './long-bodies.ts';

/** Where one call goes, and until when. */
export interface RequestTarget {
  /** Path and query, with the path of the vCenter's URL. */
  readonly path: string;
  /** When the call must have ended, by `performance.now()`. */
  readonly deadline: number;
  /** The long bodies of the vCenter. */
  readonly longBodies: LongBodies;
}

/** How vCenter's administrators see this subgraph, in its session list and its logs. */
const userAgent = 'vcenter-session-subgraph';

/** The body of one session has a few hundred bytes. */
const defaultMaxBodyBytes = shortBodyBytes;

/** The body of an error is repeated for each field, and localized messages nest. */
const maxErrorBytes = 256 * 1024;

/**
 * One request and its response, as undici's dispatcher reports them. `client.request()` would create a stream
 * for each body, which costs more than all the rest of the call.
 */
export class BufferedRequest implements Dispatcher.DispatchHandler, LongBody {
  readonly #call: UpstreamCall;
  readonly #target: RequestTarget;
  readonly #timer: NodeJS.Timeout;
  readonly #chunks: Buffer[] = [];
  readonly #done = Promise.withResolvers<UpstreamResponse>();
  #controller: Dispatcher.DispatchController | undefined;
  #ended: Error | undefined;
  #bytes = 0;
  #isLong = false;
  #isWhole = false;
  #maxBodyBytes = maxErrorBytes;
  #status = 0;
  #encoding: string | undefined;

  constructor(call: UpstreamCall, target: RequestTarget) {
    this.#call = call;
    this.#target = target;
    this.#timer = setTimeout(
      () => this.#end(new DeadlineExceededError()),
      Math.max(0, target.deadline - performance.now()),
    );
  }

  run(client: Client): Promise<UpstreamResponse> {
    const { method, headers, body } = this.#call;
    client.dispatch(
      {
        path: this.#target.path,
        method,
        headers: { accept: 'application/json', 'user-agent': userAgent, ...headers },
        body: body ?? null,
      },
      this,
    );
    return this.#done.promise;
  }

  /** Ends the request without a response. */
  cancel(): void {
    this.#end(new CanceledCallError());
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#ended) controller.abort(this.#ended);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.#status = status;
    if (status === 200) this.#maxBodyBytes = this.#call.maxBodyBytes ?? defaultMaxBodyBytes;
    this.#encoding = headers['content-encoding']?.toString();
    if (status >= 300 && status < 400) this.#end(new InvalidResponseError('a redirect'));
    else if (Number(headers['content-length']) > this.#maxBodyBytes)
      this.#end(new ResponseTooLargeError());
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBodyBytes) this.#end(new ResponseTooLargeError());
    else this.#chunks.push(chunk);
    if (this.#bytes <= shortBodyBytes || this.#isLong || this.#ended) return;
    controller.pause();
    this.#waitForOthers();
  }

  onResponseEnd(): void {
    this.#isWhole = true;
    const mayBecomeLong = this.#encoding !== undefined && this.#maxBodyBytes > shortBodyBytes;
    if (mayBecomeLong && !this.#isLong) this.#waitForOthers();
    else this.#complete();
  }

  /** Reads a long body on, see {@link LongBodies}. */
  read(): void {
    if (this.#isWhole) this.#complete();
    else this.#controller?.resume();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.#end(error);
  }

  #waitForOthers(): void {
    this.#isLong = true;
    this.#target.longBodies.add(this);
  }

  #complete(): void {
    clearTimeout(this.#timer);
    const [first] = this.#chunks;
    const body = first?.length === this.#bytes ? first : Buffer.concat(this.#chunks, this.#bytes);
    if (this.#encoding === undefined) {
      this.#respond(body);
    } else {
      decompress(body, this.#encoding, this.#maxBodyBytes).then(
        (plain) => this.#respond(plain),
        (error: unknown) => this.#end(asError(error)),
      );
    }
  }

  #respond(body: Buffer | undefined): void {
    if (this.#isLong) this.#target.longBodies.remove(this);
    this.#done.resolve({ status: this.#status, body: body && decodeUtf8(body) });
  }

  /** Ends the request without a response. Only the first reason counts. */
  #end(reason: Error): void {
    if (this.#ended) return;
    this.#ended = reason;
    clearTimeout(this.#timer);
    if (this.#isLong) this.#target.longBodies.remove(this);
    this.#done.reject(reason);
    this.#controller?.abort(reason);
  }
}

/** Decodes UTF-8; undefined where it is none. */
function decodeUtf8(bytes: Buffer): string | undefined {
  const text = bytes.toString();
  // What cannot be decoded becomes U+FFFD, which is rare otherwise.
  return text.includes('\ufffd') && !isUtf8(bytes) ? undefined : text;
}
