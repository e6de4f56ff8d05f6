import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { supportedLanguage } from '../apis/messages.ts';
import type { Api } from '../apis/routes.ts';
import { type JsonObject, writeJson } from '../http/json.ts';
import type { Principal } from './users.ts';

/** What a session is made of at its start. */
export interface SessionSeed {
  readonly principal: Principal;
  readonly token?: string | undefined;
  readonly key?: string | undefined;
  readonly ipAddress: string;
  readonly userAgent: string;
  readonly locale?: string | undefined;
  readonly extensionSession?: boolean | undefined;
  readonly neverExpires?: boolean | undefined;
  /** Properties of the UserSession that are to be other than the session's own state makes them. */
  readonly vim25?: JsonObject | undefined;
  /** The same for the Session_Info. */
  readonly vapi?: JsonObject | undefined;
}

/** One session. Its times are milliseconds since 1970; its texts are made when they are asked for. */
export class Session {
  readonly token: string;
  readonly key: string;
  readonly principal: Principal;
  readonly neverExpires: boolean;
  readonly #seed: SessionSeed;
  readonly #createdAt: number;
  #lastActiveAt: number;
  #lastAccessedAt: number;
  #renewedAt: number;
  #callCount = 0;
  #text: string | undefined;

  constructor(seed: SessionSeed, now: number) {
    this.token = seed.token ?? randomBytes(16).toString('hex');
    this.key = seed.key ?? sessionKey(randomUUID());
    this.principal = seed.principal;
    this.neverExpires = seed.neverExpires ?? false;
    this.#seed = seed;
    this.#createdAt = now;
    this.#lastActiveAt = now;
    this.#lastAccessedAt = now;
    this.#renewedAt = now;
  }

  /** When the session was last used in a way that keeps it alive. */
  get renewedAt(): number {
    return this.#renewedAt;
  }

  /** A call of vim25: counted, and the session is active; vAPI's last accessed time stays. */
  countVim25Call(now: number, options: { renews: boolean }): void {
    this.#callCount += 1;
    this.#lastActiveAt = now;
    if (options.renews) this.#renewedAt = now;
    this.#text = undefined;
  }

  /** A call of vAPI moves the last accessed time, which keeps the session alive. */
  countVapiCall(now: number): void {
    this.#lastAccessedAt = now;
    this.#renewedAt = now;
  }

  /** vim25's view of the session. */
  userSession(): JsonObject {
    const { ipAddress, userAgent, locale = 'en', extensionSession = false, vim25 } = this.#seed;
    return {
      _typeName: 'UserSession',
      key: this.key,
      userName: this.principal.userName,
      fullName: this.principal.fullName,
      loginTime: microseconds(this.#createdAt),
      lastActiveTime: microseconds(this.#lastActiveAt),
      locale,
      messageLocale: supportedLanguage(locale) ?? 'en',
      extensionSession,
      ipAddress,
      userAgent,
      callCount: this.#callCount,
      ...vim25,
    };
  }

  /** The same as JSON text, kept until the session moves: a list of thousands is read far more often than they move. */
  userSessionText(): string {
    this.#text ??= writeJson(this.userSession());
    return this.#text;
  }

  /** vAPI's view of the session. */
  sessionInfo(): JsonObject {
    return {
      user: this.principal.user,
      created_time: milliseconds(this.#createdAt),
      last_accessed_time: milliseconds(this.#lastAccessedAt),
      ...this.#seed.vapi,
    };
  }
}

/** vAPI's form of a time: RFC 3339 in UTC with milliseconds. */
export function milliseconds(time: number): string {
  return new Date(time).toISOString();
}

/** vim25's form of a time: RFC 3339 in UTC with microseconds. */
function microseconds(time: number): string {
  return `${new Date(time).toISOString().slice(0, -1)}000Z`;
}

/** The name of a session in the form that a vCenter gives it, made from any UUID or from a hash of `seed`. */
export function sessionKey(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex');
  return `52${hex.slice(2, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

/** How sessions come, live and end. */
export interface SessionPolicy {
  /** Whether a session that one API makes is known to the other. */
  readonly separate: boolean;
  /** Milliseconds without use until a session ends. */
  readonly idleMs: number;
  /** How many sessions logins may fill: in all, or in separate mode for each API and user. */
  readonly maxSessions: number;
  readonly clock: () => number;
}

/** The sessions of both APIs. In single-session mode, one session stands under its token in both. */
export class Sessions {
  readonly #rules: SessionPolicy;
  readonly #known: Readonly<Record<Api, Map<string, Session>>> = {
    vapi: new Map(),
    vim25: new Map(),
  };

  constructor(rules: SessionPolicy) {
    this.#rules = rules;
  }

  /** The live session that an API knows by this token. */
  find(api: Api, token: string | undefined): Session | undefined {
    if (token === undefined) return undefined;
    const session = this.#known[api].get(token);
    if (session === undefined || !this.#isExpired(session)) return session;
    this.end(session);
    return undefined;
  }

  /** A login through an API. Undefined if there are too many sessions. */
  open(api: Api, seed: SessionSeed): Session | undefined {
    if (this.#isFull(api, seed.principal)) {
      this.#sweep();
      if (this.#isFull(api, seed.principal)) return undefined;
    }
    const session = new Session(seed, this.#rules.clock());
    for (const known of this.#rules.separate ? [api] : (['vapi', 'vim25'] as const)) {
      this.#known[known].set(session.token, session);
    }
    return session;
  }

  /** Puts a session in for the given APIs, whatever the bound. One with the same token gives way. */
  add(apis: readonly Api[], seed: SessionSeed, now = this.#rules.clock()): Session {
    const session = new Session(seed, now);
    const sameNames = { ...seed, token: session.token, key: session.key };
    for (const api of apis) {
      // Two APIs that share no sessions have one each, even under the same token.
      const own = this.#rules.separate && api !== apis[0] ? new Session(sameNames, now) : session;
      this.#known[api].set(own.token, own);
    }
    return session;
  }

  /** Ends a session for every API that knows it. */
  end(session: Session): void {
    for (const known of [this.#known.vapi, this.#known.vim25]) {
      if (known.get(session.token) === session) known.delete(session.token);
    }
  }

  /** Takes a token out of one API's sessions, or out of both. */
  forget(token: string, api?: Api): void {
    for (const known of api === undefined ? (['vapi', 'vim25'] as const) : [api])
      this.#known[known].delete(token);
  }

  /** The live sessions that vim25 lists, oldest first. */
  list(): Session[] {
    const all = [...this.#known.vim25.values()];
    const live = all.filter((session) => !this.#isExpired(session));
    if (live.length < all.length) this.#sweep();
    return live;
  }

  #isExpired(session: Session): boolean {
    return !session.neverExpires && this.#rules.clock() - session.renewedAt >= this.#rules.idleMs;
  }

  #isFull(api: Api, principal: Principal): boolean {
    const known = this.#known[api];
    if (known.size < this.#rules.maxSessions) return false;
    if (!this.#rules.separate) return true;
    let count = 0;
    for (const session of known.values()) if (session.principal.user === principal.user) count += 1;
    return count >= this.#rules.maxSessions;
  }

  #sweep(): void {
    for (const known of [this.#known.vapi, this.#known.vim25]) {
      for (const session of known.values()) if (this.#isExpired(session)) this.end(session);
    }
  }
}
