import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Language, preferredLanguage } from './apis/messages.ts';
import { findRoute, type Route } from './apis/routes.ts';
import { handleVapi } from './apis/vapi.ts';
import { vapiError } from './apis/vapi-errors.ts';
import { handleVim25 } from './apis/vim25.ts';
import { Barriers } from './faults/barrier.ts';
import type { Fault } from './faults/fault.ts';
import { faultResponse, modifyResponse } from './faults/fault-response.ts';
import { type AppliedFault, FaultRegistry } from './faults/registry.ts';
import { CallLog, type OpenCall } from './http/call-log.ts';
import { handleControl, isControl } from './http/control.ts';
import { deliver } from './http/delivery.ts';
import { empty, type SimulatedResponse, text } from './http/response.ts';
import { readBody } from './http/server.ts';
import type { SimulatorOptions } from './options.ts';
import { buildVCenter } from './state/seed.ts';
import { TOKEN_HEADER, type VCenter } from './state/vcenter.ts';

/** A request to one of the APIs, and what is known of it at once. */
interface PendingRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly route: Route;
  readonly token: string | undefined;
}

/** Stands for the answer of a request that gets none. */
const NO_RESPONSE = empty(503);

/** What stands between HTTP and the operations: the books of calls and faults. */
export class SimulatorCore {
  readonly vcenter: VCenter;
  readonly calls: CallLog;
  readonly faults = new FaultRegistry();
  readonly barriers = new Barriers();
  readonly #hasControl: boolean;

  constructor(options: SimulatorOptions) {
    this.vcenter = buildVCenter(options);
    this.calls = new CallLog(options.callsKept ?? 5_000);
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

    const appliedFault = this.faults.take(route, token);
    const held = this.barriers.arrive(route, token);
    const arrival: PendingRequest = { request, response, route, token };
    // Nearly every request: a read, and nothing ordered. It is answered in the same turn.
    if (appliedFault === undefined && held === undefined && method === 'GET') {
      this.#finish(arrival, undefined, '');
    } else {
      void this.#finishLater(arrival, appliedFault, held);
    }
  }

  async #finishLater(
    arrival: PendingRequest,
    appliedFault: AppliedFault | undefined,
    held: Promise<unknown> | undefined,
  ): Promise<void> {
    const body = await readBody(arrival.request);
    await held;
    if (appliedFault !== undefined && appliedFault.latencyMs > 0)
      await delay(appliedFault.latencyMs, arrival.response);
    if (!arrival.response.destroyed) this.#finish(arrival, appliedFault?.fault, body);
  }

  /** Answers. Whatever throws here was put in by a test, so the answer says what it was. */
  #finish(arrival: PendingRequest, fault: Fault | undefined, body: string | undefined): void {
    const { request, response } = arrival;
    try {
      deliver(request, response, this.#answer(arrival, fault, body), fault);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else deliver(request, response, text(500, `The simulator failed: ${error}`));
    }
  }

  #answer(
    arrival: PendingRequest,
    fault: Fault | undefined,
    body: string | undefined,
  ): SimulatedResponse {
    if (body === undefined) return text(413, '413 Payload Too Large', { connection: 'close' });
    if (fault === undefined) return this.#operate(arrival, body);
    if (fault.hang === true || fault.reset === true) return NO_RESPONSE;
    const ordered = faultResponse(fault, languageOf(arrival.request));
    return ordered ?? modifyResponse(this.#operate(arrival, body), fault);
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

  #operate({ request, route, token }: PendingRequest, body: string): SimulatedResponse {
    const language = languageOf(request);
    if (route.operation === 'unknown') return refuse(route.api, route.allow, language);
    const { headers, socket } = request;
    const operation = { headers, token, language, remoteAddress: socket.remoteAddress ?? '', body };
    return route.api === 'vapi'
      ? handleVapi(route.operation, operation, this.vcenter)
      : handleVim25(route.operation, route.target, operation, this.vcenter);
  }

  async #control(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    const body = await readBody(request);
    deliver(request, response, handleControl(method, url, body ?? '', this));
  }
}

/** The answer to a wrong path, or with `allow` to a wrong method. */
function refuse(
  api: Route['api'],
  allow: string | undefined,
  language: Language | undefined,
): SimulatedResponse {
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
