import DataLoader from 'dataloader';
import { asError } from '../errors/as-error.ts';
import { isNotAuthenticated } from '../errors/vcenter-error.ts';
import type { VCenter } from '../vcenter/vcenter.ts';
import type { UserSession } from '../vcenter/vim25/schemas.ts';

/** A session's name: its vCenter and vim25's key. */
export interface SessionKey {
  readonly vcenter: VCenter;
  readonly key: string;
}

/** A session that was found by its key. */
export interface FoundSession {
  readonly session: UserSession;
  /** Whether it is that of the request's token, or the failure of the read that decides it. */
  readonly isCurrent: boolean | Error;
}

/** The two reads of vim25 that a key is looked up in. */
export interface SessionReads {
  /** The session of the request's token. */
  currentSession(vcenter: VCenter): Promise<UserSession>;
  /** All sessions, by their keys. */
  sessionsByKey(vcenter: VCenter): Promise<ReadonlyMap<string, UserSession>>;
}

export type SessionByKeyLoader = DataLoader<SessionKey, FoundSession | null>;

/**
 * Creates the loader of sessions by their keys: that of the request's token from `currentSession`, any other
 * from `sessionList`. However many keys, that is at most two calls for a vCenter. A key that no session has
 * is null.
 */
export function createSessionByKeyLoader(reads: SessionReads): SessionByKeyLoader {
  return new DataLoader(async (sessionKeys) => {
    const keysOf = new Map<VCenter, Set<string>>();
    for (const { vcenter, key } of sessionKeys) {
      const keys = keysOf.get(vcenter) ?? new Set();
      keysOf.set(vcenter, keys.add(key));
    }
    const lookUps = new Map(
      [...keysOf].map(([vcenter, keys]) => [vcenter, lookUp(reads, vcenter, keys)]),
    );
    return Promise.all(
      sessionKeys.map(async ({ vcenter, key }) => (await lookUps.get(vcenter))?.(key) ?? null),
    );
  });
}

/** Looks keys up on one vCenter. */
async function lookUp(
  { currentSession, sessionsByKey }: SessionReads,
  vcenter: VCenter,
  keys: ReadonlySet<string>,
): Promise<(key: string) => FoundSession | Error | null> {
  const currentRead = currentSession(vcenter).catch(asError);
  // Of two keys only one can be that of the token, so the list is needed; of one it is not known yet.
  const listRead = keys.size > 1 ? sessionsByKey(vcenter).catch(asError) : undefined;
  const current = await currentRead;
  if (current instanceof Error && isNotAuthenticated(current)) return () => current;
  const currentKey = current instanceof Error ? undefined : current.key;
  const others = [...keys].some((key) => key !== currentKey);
  const list = others ? await (listRead ?? sessionsByKey(vcenter).catch(asError)) : undefined;
  return (key) => {
    if (!(current instanceof Error) && current.key === key)
      return { session: current, isCurrent: true };
    if (list instanceof Error) return list;
    const session = list?.get(key);
    return session ? { session, isCurrent: current instanceof Error ? current : false } : null;
  };
}
