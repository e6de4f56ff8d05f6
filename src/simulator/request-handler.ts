import type { IncomingMessage, ServerResponse } from 'node:http';
import { preferredLanguage } from './apis/messages.ts';
import { findRoute, type Route } from './apis/routes.ts';
import { handleVapi } from './apis/vapi.ts';
import { vapiError } from './apis/vapi-errors.ts';
import { handleVim25 } from './apis/vim25.ts';
import { Barriers } from './faults/barrier.ts';
import type { Fault } from './faults/fault.ts';
import { faultResponse } from './faults/fault-response.ts';
import { FaultRegistry } from './faults/registry.ts';
import { CallLog, type OpenCall } from './http/call-log.ts';
import { handleControl, isControl } from './http/control.ts';
import { deliver } from './http/delivery.ts';
import { empty, type SimulatedResponse, text, withProperties } from './http/response.ts';
import { readBody } from './http/server.ts';
import type { SimulatorOptions } from './options.ts';
import { buildVCenter } from './state/seed.ts';
import { type OperationRequest, tokenHeader, type VCenter } from './state/vcenter.ts';

/** A request to one of the APIs. */
interface PendingRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly route: Route;
  readonly token: string | undefined;
}

/** Handles requests: records them, applies faults and barriers, and carries out the operations. */
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
    const header = request.headers[tokenHeader];
    const token = Array.isArray(header) ? header[0] : header;
    const pending = { request, response, route: findRoute(method, url), token };
    this.#record(pending);
    const applied = this.faults.apply(pending.route, token);
    const opening = this.barriers.arrive(pending.route, token);
    // Most requests are reads without a fault or a barrier: they get their response in the same turn.
    if (applied === undefined && opening === undefined && method === 'GET')
      this.#respond(pending, {}, '');
    else void this.#respondLater(pending, applied ?? { latencyMs: 0, fault: undefined }, opening);
  }

  async #respondLater(
    pending: PendingRequest,
    { latencyMs, fault = {} }: { latencyMs: number; fault: Fault | undefined },
    opening: Promise<unknown> | undefined,
  ): Promise<void> {
    const body = await readBody(pending.request);
    await opening;
    if (latencyMs > 0) await delay(latencyMs, pending.response);
    if (!pending.response.destroyed) this.#respond(pending, fault, body);
  }

  /** Sends the response. What throws here was injected by a test, so the response names it. */
  #respond(pending: PendingRequest, fault: Fault, body: string | undefined): void {
    const { request, response } = pending;
    try {
      deliver(request, response, this.#simulate(pending, fault, body), fault);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else deliver(request, response, text(500, `The simulator failed: ${error}`));
    }
  }

  #simulate(pending: PendingRequest, fault: Fault, body: string | undefined): SimulatedResponse {
    if (body === undefined) return text(413, '413 Payload Too Large', { connection: 'close' });
    if (fault.hang === true || fault.reset === true) return empty(503);
    const { headers, socket } = pending.request;
    const language = preferredLanguage(headers['accept-language']);
    const replacement = faultResponse(fault, language);
    if (replacement !== undefined) return replacement;
    const { token } = pending;
    const operation = { headers, token, language, remoteAddress: socket.remoteAddress ?? '', body };
    const response = this.#operate(pending.route, operation);
    return fault.properties === undefined ? response : withProperties(response, fault.properties);
  }

  #record({ request, response, route, token }: PendingRequest): void {
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
      call.state = response.writableFinished ? 'completed' : 'aborted';
    });
  }

  #operate(route: Route, request: OperationRequest): SimulatedResponse {
    if (route.operation === 'unknown') return unknownOperation(route, request);
    return route.api === 'vapi'
      ? handleVapi(route.operation, request, this.vcenter)
      : handleVim25(route.operation, route.target, request, this.vcenter);
  }

  async #control(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    const body = await readBody(request);
    deliver(request, response, handleControl(method, url, body ?? '', this));
  }
}

/** The response for an unknown path, or with `allow` for a wrong method. */
function unknownOperation(
  { api, allow }: Extract<Route, { operation: 'unknown' }>,
  { language }: OperationRequest,
): SimulatedResponse {
  if (api === 'vapi') {
    return allow === undefined
      ? vapiError('NOT_FOUND', 'notFound', language)
      : vapiError('OPERATION_NOT_FOUND', 'methodNotAllowed', language, {
          status: 405,
          headers: { allow },
        });
  }
  return allow === undefined
    ? text(404, '404 Not Found')
    : text(405, '405 Method Not Allowed', { allow });
}

/** Waits until the time has passed or the client has disconnected. */
function delay(ms: number, response: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  response.once('close', () => {
    clearTimeout(timer);
    resolve();
  });
  return promise;
}
