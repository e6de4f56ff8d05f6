/** How the answers of the two APIs become one Session, or an error: the rules of "null, or an error". */
import { asError } from '../errors/as-error.ts';
import { isNotAuthenticated } from '../errors/vcenter-error.ts';
import type { SessionInfo } from '../vcenter/vapi/schemas.ts';
import type { VCenter } from '../vcenter/vcenter.ts';
import type { UserSession } from '../vcenter/vim25/schemas.ts';
import type { Loaders } from './loaders.ts';

/** Which APIs the selected fields need. */
export interface RequiredApis {
  readonly vapi: boolean;
  readonly vim25: boolean;
}

/** What a Session's fields are read from. */
export interface SessionSource {
  readonly vcenter: VCenter;
  /** vAPI's half, or its failure. Null on another's session; undefined where it was not asked. */
  readonly vapi: SessionInfo | Error | null | undefined;
  /** vim25's half, or its failure. Undefined where it was not asked. */
  readonly vim25: UserSession | Error | undefined;
}

/**
 * The caller's own session. The APIs that are needed are asked at once.
 *
 * @throws where no API returned the session: a failure if there was one, else "not logged on", in vAPI's
 * words where vAPI was asked.
 */
export async function loadCurrentSession(
  loaders: Loaders,
  vcenter: VCenter,
  needed: RequiredApis,
): Promise<SessionSource> {
  const [vapi, vim25] = await Promise.all([
    needed.vapi ? loaders.vapiSession(vcenter).catch(asError) : undefined,
    needed.vim25 ? loaders.currentSession(vcenter).catch(asError) : undefined,
  ]);
  if (isLoaded(vapi) || isLoaded(vim25)) return { vcenter, vapi, vim25 };
  const failures = [vapi, vim25].filter((half) => half instanceof Error);
  throw failures.find((failure) => !isNotAuthenticated(failure)) ?? failures[0];
}

/**
 * A session by its key, the caller's own or another's; null where no session has the key.
 *
 * @throws where vim25 did not tell.
 */
export async function loadSession(
  loaders: Loaders,
  vcenter: VCenter,
  key: string,
  needed: RequiredApis,
): Promise<SessionSource | null> {
  const [vapi, found] = await Promise.all([
    needed.vapi ? loaders.vapiSession(vcenter).catch(asError) : undefined,
    loaders.sessionByKey(vcenter, key),
  ]);
  if (!found) return null;
  const { session, own } = found;
  return { vcenter, vim25: session, vapi: own instanceof Error ? own : own ? vapi : null };
}

/**
 * Called before the elements of a list of sessions are made.
 *
 * @param count - of elements.
 * @param vapiError - the error of vAPI's fields on each of them, where there is one.
 * @throws where they are not to be resolved.
 */
export type AdmitElements = (count: number, vapiError: Error | undefined) => void;

/**
 * Everyone's sessions. Where vAPI's fields are selected, the caller's own session has them.
 *
 * @throws where vim25 did not tell, `FORBIDDEN` without the privilege; what `admit` throws.
 */
export async function loadSessions(
  loaders: Loaders,
  vcenter: VCenter,
  needed: RequiredApis,
  admit: AdmitElements,
): Promise<SessionSource[]> {
  const [sessions, own, vapi] = await Promise.all([
    loaders.sessionsByKey(vcenter),
    needed.vapi ? loaders.currentSession(vcenter).catch(asError) : undefined,
    needed.vapi ? loaders.vapiSession(vcenter).catch(asError) : undefined,
  ]);
  admit(sessions.size, own instanceof Error ? own : undefined);
  return Array.from(sessions.values(), (vim25) => ({
    vcenter,
    vim25,
    // Where the caller's own session is not known, any of them may be it.
    vapi: own instanceof Error ? own : vim25.key === own?.key ? vapi : null,
  }));
}

function isLoaded(half: SessionInfo | UserSession | Error | undefined): boolean {
  return half !== undefined && !(half instanceof Error);
}
