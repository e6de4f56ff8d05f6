import { isUtf8 } from 'node:buffer';
import { type Dispatcher, Pool } from 'undici';
import { asError } from '../errors/as-error.ts';
import type { Api } from '../errors/extensions.ts';
import { decoded } from './content-encoding.ts';
import { type Fail, failuresOf } from './failures.ts';
import { type PeerVerification, verifyingConnector } from './tls.ts';
import {
  codeOfTransportError,
  ResponseTooLarge,
  TooSlow,
  UndeclaredResponse,
} from './transport-errors.ts';

/** One call of a vCenter. */
interface UpstreamCall {
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

/** What carries calls to one vCenter. */
export interface Transport {
  /**
   * Makes one call and reads its whole answer.
   *
   * @throws VCenterError where no whole answer came: too late, too large, from a peer that is not
   * verified, or not at all. It never says which host it was.
   */
  call(call: UpstreamCall): Promise<UpstreamResponse>;
  /** Ends all calls and connections. */
  close(): Promise<void>;
}

/** Where a vCenter is and how its calls are bounded. */
export interface TransportOptions extends PeerVerification {
  /** The vCenter's id, for errors. */
  readonly id: string;
  /** An `http:` or `https:` URL; its path is put before each call's. */
  readonly url: URL;
  /** For one call, from its start to the end of its body, in milliseconds. */
  readonly timeoutMs: number;
}

/** One call that has ended, for whoever counts. */
export interface EndedCall {
  /** The vCenter's id. */
  readonly vcenter: string;
  readonly api: Api;
  /** The HTTP status, or the code of the error where no whole answer came. */
  readonly result: string;
  /** From its start to the end of the body, or to the failure. */
  readonly durationMs: number;
}

/** Who is told of each call that has ended. */
export interface CallObserver {
  called(call: EndedCall): void;
}

/** How vCenter's administrators see this subgraph, in its session list and its logs. */
const userAgent = 'vcenter-session-subgraph';

const defaultMaxBodyBytes = 1024 * 1024;

/**
 * Connections to one API of one vCenter at most. Each API has its own, so that one that hangs leaves the
 * other's free.
 */
const maxConnections = 128;

/**
 * Makes a transport that keeps its connections alive between calls.
 *
 * @param fail - makes the error of a call without a whole answer. Default: one that logs nothing.
 * @param observer - is told of each call. Default: none.
 */
export function createTransport(
  options: TransportOptions,
  fail: Fail = failuresOf(options.id),
  observer?: CallObserver,
): Transport {
  const { id, url, timeoutMs } = options;
  const poolOptions: Pool.Options = {
    connections: maxConnections,
    connect: verifyingConnector(options),
    allowH2: false,
    // The whole call has a deadline of its own.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  const pools: Record<Api, Pool> = {
    vapi: new Pool(url.origin, poolOptions),
    vim25: new Pool(url.origin, poolOptions),
  };
  const basePath = url.pathname.replace(/\/+$/, '');

  return {
    async call(call) {
      const { api } = call;
      const start = performance.now();
      const ended = (result: string) =>
        observer?.called({ vcenter: id, api, result, durationMs: performance.now() - start });
      try {
        const response = await new Exchange(call, basePath + call.path, timeoutMs).run(pools[api]);
        ended(String(response.status));
        return response;
      } catch (thrown) {
        const cause = asError(thrown);
        const code = codeOfTransportError(cause);
        ended(code);
        throw fail(api, code, cause);
      }
    },
    async close() {
      await Promise.all(Object.values(pools).map((pool) => pool.destroy()));
    },
  };
}

/**
 * One request and its answer, as undici's dispatcher reports them. `pool.request()` would make a stream for
 * each body, which costs more than all the rest of the call.
 */
class Exchange implements Dispatcher.DispatchHandler {
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
    this.#deadline = setTimeout(() => this.#end(new TooSlow()), timeoutMs);
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
    if (status >= 300 && status < 400) this.#end(new UndeclaredResponse('a redirect'));
    else if (Number(headers['content-length']) > this.#maxBodyBytes)
      this.#end(new ResponseTooLarge());
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBodyBytes) this.#end(new ResponseTooLarge());
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    clearTimeout(this.#deadline);
    const [only = Buffer.alloc(0), ...more] = this.#chunks;
    const body = more.length === 0 ? only : Buffer.concat(this.#chunks, this.#bytes);
    if (this.#encoding === undefined) {
      this.#answer(body);
    } else {
      decoded(body, this.#encoding, this.#maxBodyBytes).then(
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
