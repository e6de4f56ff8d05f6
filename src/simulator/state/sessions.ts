import { hash, randomBytes, randomUUID } from 'node:crypto';
import { supportedLanguage } from '../apis/messages.ts';
import type { Api } from '../apis/routes.ts';
import { type JsonObject, writeJson } from '../http/json.ts';
import type { Principal } from './users.ts';

/** The properties of a new session. */
export interface SessionSeed {
  readonly principal: Principal;
  readonly token?: string | undefined;
  readonly key?: string | undefined;
  readonly ipAddress: string;
  readonly userAgent: string;
  readonly locale?: string | undefined;
  readonly extensionSession?: boolean | undefined;
  readonly neverExpires?: boolean | undefined;
  /** Properties that replace those of the UserSession. */
  readonly vim25?: JsonObject | undefined;
  /** Properties that replace those of the Session_Info. */
  readonly vapi?: JsonObject | undefined;
}

/** A session. Its times are milliseconds since 1970. */
export class Session {
  readonly token: string;
  readonly key: string;
  readonly principal: Principal;
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
    this.#seed = seed;
    this.#createdAt = now;
    this.#lastActiveAt = now;
    this.#lastAccessedAt = now;
    this.#renewedAt = now;
  }

  /** Whether the session was not used for so long that it ended. */
  hasExpired(now: number, idleMs: number): boolean {
    return !this.#seed.neverExpires && now - this.#renewedAt >= idleMs;
  }

  /** Counts a vim25 call, which moves `lastActiveTime` but not vAPI's `last_accessed_time`. */
  countVim25Call(now: number, options: { renews: boolean }): void {
    this.#callCount += 1;
    this.#lastActiveAt = now;
    if (options.renews) this.#renewedAt = now;
    this.#text = undefined;
  }

  /** Counts a vAPI call, which moves `last_accessed_time` and keeps the session alive. */
  countVapiCall(now: number): void {
    this.#lastAccessedAt = now;
    this.#renewedAt = now;
  }

  /** The session in vim25. */
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

  /** The same as JSON text, kept until the session changes, since lists of thousands are read often. */
  userSessionText(): string {
    this.#text ??= writeJson(this.userSession());
    return this.#text;
  }

  /** The session in vAPI. */
  sessionInfo(): JsonObject {
    return {
      user: this.principal.user,
      created_time: milliseconds(this.#createdAt),
      last_accessed_time: milliseconds(this.#lastAccessedAt),
      ...this.#seed.vapi,
    };
  }
}

/** A time as vAPI writes it: RFC 3339 in UTC with milliseconds. */
export function milliseconds(time: number): string {
  return new Date(time).toISOString();
}

/** A time as vim25 writes it: RFC 3339 in UTC with microseconds. */
function microseconds(time: number): string {
  return `${new Date(time).toISOString().slice(0, -1)}000Z`;
}

/** A session key in the form of a vCenter's, derived from `seed`. */
export function sessionKey(seed: string): string {
  const hex = hash('sha256', seed);
  return `52${hex.slice(2, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

/** The limits of sessions. */
export interface SessionPolicy {
  /** Whether each API has sessions of its own. */
  readonly separate: boolean;
  /** Milliseconds without use until a session ends. */
  readonly idleMs: number;
  /** How many sessions may be open when a user logs in: in all, or in separate mode for each API and user. */
  readonly maxSessions: number;
  readonly clock: () => number;
}

export const bothApis: readonly Api[] = ['vapi', 'vim25'];

/** The sessions of both APIs. In single-session mode both have the same session under a token. */
export class Sessions {
  readonly #policy: SessionPolicy;
  readonly #sessions = { vapi: new Map<string, Session>(), vim25: new Map<string, Session>() };

  constructor(policy: SessionPolicy) {
    this.#policy = policy;
  }

  /** The live session of this token in an API. */
  find(api: Api, token = ''): Session | undefined {
    const session = this.#sessions[api].get(token);
    if (session === undefined || !this.#hasExpired(session)) return session;
    this.end(session);
    return undefined;
  }

  /** A login through an API. Undefined if there are too many sessions. */
  open(api: Api, seed: SessionSeed): Session | undefined {
    if (this.#isFull(api, seed.principal)) this.#sweep();
    if (this.#isFull(api, seed.principal)) return undefined;
    return this.add(this.#policy.separate ? [api] : bothApis, seed);
  }

  /** Adds a session to the given APIs, regardless of the limit. It replaces one with the same token. */
  add(apis: readonly Api[], seed: SessionSeed, now = this.#policy.clock()): Session {
    const session = new Session(seed, now);
    const { token, key } = session;
    for (const api of apis) {
      // In separate mode each API has a session of its own, even under the same token.
      const isOther = this.#policy.separate && api !== apis[0];
      this.#sessions[api].set(token, isOther ? new Session({ ...seed, token, key }, now) : session);
    }
    return session;
  }

  /** Ends a session in every API that has it. */
  end(session: Session): void {
    for (const api of bothApis)
      if (this.#sessions[api].get(session.token) === session) this.forget(session.token, api);
  }

  /** Removes a token from one API's sessions, or from both. */
  forget(token: string, api?: Api): void {
    for (const name of api === undefined ? bothApis : [api]) this.#sessions[name].delete(token);
  }

  /** The live sessions that vim25 lists, oldest first. */
  list(): Session[] {
    this.#sweep();
    return [...this.#sessions.vim25.values()];
  }

  #hasExpired(session: Session): boolean {
    return session.hasExpired(this.#policy.clock(), this.#policy.idleMs);
  }

  #isFull(api: Api, { user }: Principal): boolean {
    const { separate, maxSessions } = this.#policy;
    const sessions = this.#sessions[api];
    if (sessions.size < maxSessions || !separate) return sessions.size >= maxSessions;
    const ofUser = [...sessions.values()].filter(({ principal }) => principal.user === user);
    return ofUser.length >= maxSessions;
  }

  #sweep(): void {
    for (const api of bothApis)
      for (const session of this.#sessions[api].values())
        if (this.#hasExpired(session)) this.end(session);
  }
}
