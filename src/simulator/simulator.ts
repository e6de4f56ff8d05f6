import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, empty, text } from './answer.ts';
import { type Barrier, type BarrierOrder, Barriers } from './barrier.ts';
import { type Call, CallBook, type CallFilter, type OpenCall } from './calls.ts';
import { answerControl, isControl } from './control.ts';
import { deliver } from './delivery.ts';
import { type Fault, FaultBook, type OrderedFault, type Trouble } from './faults.ts';
import type { JsonObject } from './json.ts';
import { type Language, preferredLanguage } from './messages.ts';
import type { SimulatorOptions } from './options.ts';
import { changedAnswer, orderedAnswer } from './orderedAnswer.ts';
import { type Api, findRoute, type Route } from './routes.ts';
import { HttpServer, readBody } from './server.ts';
import type { Session } from './sessions.ts';
import { answerVapi } from './vapi.ts';
import { vapiError } from './vapiErrors.ts';
import { TOKEN_HEADER, type VapiNotLoggedOn, type VCenter, type Vim25NotLoggedOn } from './vcenter.ts';
import { answerVim25 } from './vim25.ts';
import { addressIn, buildVCenter } from './world.ts';

export type { Barrier, BarrierOrder } from './barrier.ts';
export type { Call, CallFilter } from './calls.ts';
export type { Fault, OrderedFault, RequestFilter } from './faults.ts';
export type { JsonObject, JsonValue } from './json.ts';
export type { SimulatorOptions } from './options.ts';
export type { Api, Operation, VapiOperation, Vim25Operation } from './routes.ts';
export type { SimulatedUser } from './users.ts';
export { VAPI_ERROR_TYPES, type VapiErrorOrder } from './vapiErrors.ts';
export {
  VAPI_NOT_LOGGED_ON,
  type VapiNotLoggedOn,
  VIM25_NOT_LOGGED_ON,
  type Vim25NotLoggedOn,
} from './vcenter.ts';
export type { Vim25FaultOrder } from './vim25Faults.ts';
export { DEMO_TOKEN } from './world.ts';

/** A session to put in. */
export interface AddedSession {
  /** Default: one that is made up. A session that has this token already gives way. */
  token?: string;
  /** Whose it is, in any spelling. Default: the SSO domain's administrator. */
  user?: string;
  /** What the user may do. Default: what the user may do anyway. */
  privileges?: readonly string[];
  /** vim25's name of the session. Default: one that is made up. */
  key?: string;
  /** Which APIs know the token. Default: both. */
  apis?: readonly Api[];
  /** Default: false. */
  neverExpires?: boolean;
  /**
   * Properties of the UserSession to show in the place of its own: any value, so `callCount` may be a bigint and a
   * time any text; `undefined` leaves the property out. What stands here does not move with use.
   */
  vim25?: JsonObject;
  /** The same for vAPI's Session_Info. */
  vapi?: JsonObject;
}

/** A session as both APIs would show it at this moment; looking does not move it. */
export interface SessionView {
  readonly token: string;
  readonly key: string;
  readonly user: string;
  readonly userName: string;
  /** The UserSession; undefined where vim25 does not know the token. */
  readonly vim25: JsonObject | undefined;
  /** The Session_Info; undefined where vAPI does not know the token. */
  readonly vapi: JsonObject | undefined;
}

/** A vCenter that listens. */
export interface Simulator extends AsyncDisposable {
  /** Its base URL, without a slash at its end. */
  readonly url: string;
  /** The latest calls, oldest first, tokens in clear. */
  readonly calls: readonly Call[];
  /** TCP connections: since the start, and open now. */
  readonly connections: { readonly accepted: number; readonly open: number };
  /** How many calls came since the start or the last `clearCalls()`, those no longer in `calls` included. */
  callCount(filter?: CallFilter): number;
  clearCalls(): void;
  /**
   * Makes something go wrong from now on. Where several faults match a request, the one ordered first has it,
   * and passes on to the next once its `times` are used up. Throws a TypeError on a fault that makes no sense.
   */
  order(fault: Fault): OrderedFault;
  /** Ends all faults and opens all barriers. */
  clearFaults(): void;
  /** Holds answers back until `count` matching requests have arrived. */
  barrier(order: BarrierOrder): Barrier;
  addSession(session?: AddedSession): SessionView;
  /** Ends a session, as if it had expired, in both APIs or in one. */
  endSession(token: string, api?: Api): void;
  /** The live session with this token. */
  sessionFor(token: string): SessionView | undefined;
  /** Changes how nobody-is-logged-on is said; what is left out stays. */
  setNotLoggedOn(forms: { vim25?: Vim25NotLoggedOn; vapi?: VapiNotLoggedOn }): void;
  /** Stops listening and ends every connection, hanging ones too. May be called again. */
  close(): Promise<void>;
}

/**
 * Starts a simulated vCenter. Rejects with Node.js's own error (`EADDRINUSE` and the like) where it cannot
 * listen.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const core = new SimulatorCore(options);
  const { host = '127.0.0.1', port = 0, tls } = options;
  const server = await HttpServer.listen({ host, port, tls }, (request, response) =>
    core.handle(request, response),
  );
  return new RunningSimulator(core, server, options.name);
}

/** What stands between HTTP and the operations: the books of calls and faults. */
class SimulatorCore {
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
    // Nearly every request: a read, and nothing ordered. It is answered in the same turn.
    if (trouble === undefined && held === undefined && method === 'GET') {
      deliver(request, response, this.#answer(route, request, token, ''));
      return;
    }
    void this.#handleLater(request, response, { route, token, trouble, held });
  }

  async #handleLater(
    request: IncomingMessage,
    response: ServerResponse,
    {
      route,
      token,
      trouble,
      held,
    }: {
      route: Route;
      token: string | undefined;
      trouble: Trouble | undefined;
      held: Promise<unknown> | undefined;
    },
  ): Promise<void> {
    const body = await readBody(request);
    await held;
    if (trouble !== undefined && trouble.latencyMs > 0) await delay(trouble.latencyMs, response);
    if (response.destroyed) return;
    const fault = trouble?.fault;
    if (body === undefined) {
      deliver(request, response, text(413, '413 Payload Too Large', { connection: 'close' }), fault);
      return;
    }
    const ordered = fault === undefined ? undefined : orderedAnswer(fault, languageOf(request));
    const isUnanswered = fault?.hang === true || fault?.reset === true;
    const answer =
      ordered ??
      (isUnanswered ? empty(503) : changedAnswer(this.#answer(route, request, token, body), fault));
    deliver(request, response, answer, fault);
  }

  #record(request: IncomingMessage, response: ServerResponse, route: Route, token: string | undefined): void {
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

  #answer(route: Route, request: IncomingMessage, token: string | undefined, body: string): Answer {
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
function refuse(api: Route['api'], allow: string | undefined, language: Language | undefined): Answer {
  if (api !== 'vapi') {
    return allow === undefined ? text(404, '404 Not Found') : text(405, '405 Method Not Allowed', { allow });
  }
  if (allow === undefined) return vapiError('NOT_FOUND', 'notFound', language);
  return vapiError('OPERATION_NOT_FOUND', 'methodNotAllowed', language, { status: 405, headers: { allow } });
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

class RunningSimulator implements Simulator {
  readonly url: string;
  readonly #core: SimulatorCore;
  readonly #server: HttpServer;
  readonly #name: string | undefined;

  constructor(core: SimulatorCore, server: HttpServer, name: string | undefined) {
    this.url = server.url;
    this.#core = core;
    this.#server = server;
    this.#name = name;
  }

  get calls(): readonly Call[] {
    return this.#core.calls.latest();
  }

  get connections(): { accepted: number; open: number } {
    return this.#server.connections;
  }

  callCount(filter: CallFilter = {}): number {
    return this.#core.calls.count(filter);
  }

  clearCalls(): void {
    this.#core.calls.clear();
  }

  order(fault: Fault): OrderedFault {
    return this.#core.faults.order(fault);
  }

  clearFaults(): void {
    this.#core.faults.clear();
    this.#core.barriers.clear();
  }

  barrier(order: BarrierOrder): Barrier {
    return this.#core.barriers.order(order);
  }

  addSession(added: AddedSession = {}): SessionView {
    const { users, sessions } = this.#core.vcenter;
    const principal = added.user === undefined ? users.administrator() : users.principal(added.user);
    const session = sessions.add(added.apis ?? ['vapi', 'vim25'], {
      ...added,
      principal:
        added.privileges === undefined ? principal : { ...principal, privileges: new Set(added.privileges) },
      ipAddress: addressIn(this.#name, 0),
      userAgent: 'simulator',
    });
    return this.#view(session);
  }

  endSession(token: string, api?: Api): void {
    this.#core.vcenter.sessions.forget(token, api);
  }

  sessionFor(token: string): SessionView | undefined {
    const { sessions } = this.#core.vcenter;
    const session = sessions.find('vim25', token) ?? sessions.find('vapi', token);
    return session === undefined ? undefined : this.#view(session);
  }

  setNotLoggedOn(forms: { vim25?: Vim25NotLoggedOn; vapi?: VapiNotLoggedOn }): void {
    Object.assign(this.#core.vcenter.notLoggedOn, forms);
  }

  async close(): Promise<void> {
    this.clearFaults();
    await this.#server.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #view({ token, key, principal }: Session): SessionView {
    const { sessions } = this.#core.vcenter;
    return {
      token,
      key,
      user: principal.user,
      userName: principal.userName,
      vim25: sessions.find('vim25', token)?.userSession(),
      vapi: sessions.find('vapi', token)?.sessionInfo(),
    };
  }
}
