import { isUtf8 } from 'node:buffer';
import type { Dispatcher, Pool } from 'undici';
import { asError } from '../../errors/as-error.ts';
import type { Api } from '../../errors/extensions.ts';
import { decompress } from './decompress.ts';
import { DeadlineExceededError, InvalidResponseError, ResponseTooLargeError } from './errors.ts';

/** One call of a vCenter. */
export interface UpstreamCall {
  readonly api: Api;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path and query, relative to the vCenter's URL, already encoded. */
  readonly path: string;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, if there is a body. */
  readonly body?: string;
  /** How large the answer's body may be, in bytes, unpacked. Default: 1 MiB. */
  readonly maxBodyBytes?: number;
}

/** A whole answer. Redirects are not answers: they are never followed. */
export interface UpstreamResponse {
  readonly status: number;
  /** Undefined where it is not text: not in UTF-8, or not packed as it says. */
  readonly body: string | undefined;
}

/** How vCenter's administrators see this subgraph, in its session list and its logs. */
const userAgent = 'vcenter-session-subgraph';

const defaultMaxBodyBytes = 1024 * 1024;

/**
 * One request and its answer, as undici's dispatcher reports them. `pool.request()` would make a stream for
 * each body, which costs more than all the rest of the call.
 */
export class BufferedRequest implements Dispatcher.DispatchHandler {
  readonly #call: UpstreamCall;
  readonly #path: string;
  readonly #maxBodyBytes: number;
  readonly #deadline: NodeJS.Timeout;
  readonly #chunks: Buffer[] = [];
  readonly #done = Promise.withResolvers<UpstreamResponse>();
  #controller: Dispatcher.DispatchController | undefined;
  #ended: Error | undefined;
  #bytes = 0;
  #status = 0;
  #encoding: string | undefined;

  constructor(call: UpstreamCall, path: string, timeoutMs: number) {
    this.#call = call;
    this.#path = path;
    this.#maxBodyBytes = call.maxBodyBytes ?? defaultMaxBodyBytes;
    this.#deadline = setTimeout(() => this.#end(new DeadlineExceededError()), timeoutMs);
  }

  run(pool: Pool): Promise<UpstreamResponse> {
    const { method, headers, body } = this.#call;
    try {
      pool.dispatch(
        {
          path: this.#path,
          method,
          headers: { 'user-agent': userAgent, ...headers },
          body: body ?? null,
        },
        this,
      );
    } catch (error) {
      this.#end(asError(error));
    }
    return this.#done.promise;
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
    this.#encoding = headers['content-encoding']?.toString();
    if (status >= 300 && status < 400) this.#end(new InvalidResponseError('a redirect'));
    else if (Number(headers['content-length']) > this.#maxBodyBytes)
      this.#end(new ResponseTooLargeError());
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBodyBytes) this.#end(new ResponseTooLargeError());
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    clearTimeout(this.#deadline);
    const [only = Buffer.alloc(0), ...more] = this.#chunks;
    const body = more.length === 0 ? only : Buffer.concat(this.#chunks, this.#bytes);
    if (this.#encoding === undefined) {
      this.#answer(body);
    } else {
      decompress(body, this.#encoding, this.#maxBodyBytes).then(
        (plain) => this.#answer(plain),
        (error: unknown) => this.#done.reject(error),
      );
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.#end(error);
  }

  #answer(body: Buffer | undefined): void {
    const text = body && isUtf8(body) ? body.toString() : undefined;
    this.#done.resolve({ status: this.#status, body: text });
  }

  /** Ends the exchange without an answer. Only the first reason counts. */
  #end(reason: Error): void {
    if (this.#ended) return;
    this.#ended = reason;
    clearTimeout(this.#deadline);
    this.#done.reject(reason);
    this.#controller?.abort(reason);
  }
}
