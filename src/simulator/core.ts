import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, empty, text } from './answer.ts';
import { Barriers } from './barrier.ts';
import { CallBook, type OpenCall } from './calls.ts';
import { answerControl, isControl } from './control.ts';
import { deliver } from './delivery.ts';
import type { Fault } from './fault.ts';
import { FaultBook, type Trouble } from './faults.ts';
import { type Language, preferredLanguage } from './messages.ts';
import type { SimulatorOptions } from './options.ts';
import { changedAnswer, orderedAnswer } from './ordered-answer.ts';
import { findRoute, type Route } from './routes.ts';
import { readBody } from './server.ts';
import { answerVapi } from './vapi.ts';
import { vapiError } from './vapi-errors.ts';
import { TOKEN_HEADER, type VCenter } from './vcenter.ts';
import { answerVim25 } from './vim25.ts';
import { buildVCenter } from './world.ts';

/** A request to one of the APIs, and what is known of it at once. */
interface Arrival {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly route: Route;
  readonly token: string | undefined;
}

/** Stands for the answer of a request that gets none. */
const NO_ANSWER = empty(503);

/** What stands between HTTP and the operations: the books of calls and faults. */
export class SimulatorCore {
  readonly vcenter: VCenter;
  readonly calls: CallBook;
  readonly faults = new FaultBook();
  readonly barriers = new Barriers();
  readonly #hasControl: boolean;

  constructor(options: SimulatorOptions) {
    this.vcenter = buildVCenter(options);
    this.calls = new CallBook(options.callsKept ?? 5_000);
    this.#hasControl = options.control ?? true;
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const { method = 'GET', url = '/' } = request;
    if (this.#hasControl && isControl(url)) {
      void this.#control(request, response);
      return;
    }
    const route = findRoute(method, url);
    const header = request.headers[TOKEN_HEADER];
    const token = Array.isArray(header) ? header[0] : header;
    this.#record(request, response, route, token);

    const trouble = this.faults.take(route, token);
    const held = this.barriers.arrive(route, token);
    const arrival: Arrival = { request, response, route, token };
    // Nearly every request: a read, and nothing ordered. It is answered in the same turn.
    if (trouble === undefined && held === undefined && method === 'GET') {
      this.#finish(arrival, undefined, '');
    } else {
      void this.#finishLater(arrival, trouble, held);
    }
  }

  async #finishLater(
    arrival: Arrival,
    trouble: Trouble | undefined,
    held: Promise<unknown> | undefined,
  ): Promise<void> {
    const body = await readBody(arrival.request);
    await held;
    if (trouble !== undefined && trouble.latencyMs > 0)
      await delay(trouble.latencyMs, arrival.response);
    if (!arrival.response.destroyed) this.#finish(arrival, trouble?.fault, body);
  }

  /** Answers. Whatever throws here was put in by a test, so the answer says what it was. */
  #finish(arrival: Arrival, fault: Fault | undefined, body: string | undefined): void {
    const { request, response } = arrival;
    try {
      deliver(request, response, this.#answer(arrival, fault, body), fault);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else deliver(request, response, text(500, `The simulator failed: ${error}`));
    }
  }

  #answer(arrival: Arrival, fault: Fault | undefined, body: string | undefined): Answer {
    if (body === undefined) return text(413, '413 Payload Too Large', { connection: 'close' });
    if (fault === undefined) return this.#operate(arrival, body);
    if (fault.hang === true || fault.reset === true) return NO_ANSWER;
    const ordered = orderedAnswer(fault, languageOf(arrival.request));
    return ordered ?? changedAnswer(this.#operate(arrival, body), fault);
  }

  #record(
    request: IncomingMessage,
    response: ServerResponse,
    route: Route,
    token: string | undefined,
  ): void {
    const call: OpenCall = {
      api: route.api,
      operation: route.operation,
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      headers: request.headers,
      token,
      at: this.vcenter.clock(),
      state: 'open',
    };
    this.calls.add(call);
    response.once('close', () => {
      call.state = response.writableFinished ? 'answered' : 'broken';
    });
  }

  #operate({ request, route, token }: Arrival, body: string): Answer {
    const language = languageOf(request);
    if (route.operation === 'unknown') return refuse(route.api, route.allow, language);
    const { headers, socket } = request;
    const exchange = { headers, token, language, remoteAddress: socket.remoteAddress ?? '', body };
    return route.api === 'vapi'
      ? answerVapi(route.operation, exchange, this.vcenter)
      : answerVim25(route.operation, route.target, exchange, this.vcenter);
  }

  async #control(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    const body = await readBody(request);
    deliver(request, response, answerControl(method, url, body ?? '', this));
  }
}

/** The answer to a wrong path, or with `allow` to a wrong method. */
function refuse(
  api: Route['api'],
  allow: string | undefined,
  language: Language | undefined,
): Answer {
  if (api !== 'vapi') {
    return allow === undefined
      ? text(404, '404 Not Found')
      : text(405, '405 Method Not Allowed', { allow });
  }
  if (allow === undefined) return vapiError('NOT_FOUND', 'notFound', language);
  return vapiError('OPERATION_NOT_FOUND', 'methodNotAllowed', language, {
    status: 405,
    headers: { allow },
  });
}

function languageOf(request: IncomingMessage): Language | undefined {
  return preferredLanguage(request.headers['accept-language']);
}

/** Waits, but no longer than the caller does. */
function delay(ms: number, response: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  response.once('close', () => {
    clearTimeout(timer);
    resolve();
  });
  return promise;
}
