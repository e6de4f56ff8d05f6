import type { RequestCredentials } from '../vcenter/credentials.ts';
import type { SessionInfo } from '../vcenter/vapi/schemas.ts';
import { getSession } from '../vcenter/vapi/session.ts';
import type { VCenter } from '../vcenter/vcenter.ts';
import type { UserSession } from '../vcenter/vim25/schemas.ts';
import { getCurrentSession, getSessionList } from '../vcenter/vim25/session-manager.ts';
import { type CredentialLoader, createCredentialLoader } from './credential-loader.ts';
import {
  createSessionByKeyLoader,
  type FoundSession,
  type SessionByKeyLoader,
} from './session-by-key.ts';
import type { Turn } from './turn.ts';
import type { Unparsed } from './turn-queue.ts';

/**
 * What can be loaded for one request. Each is one call to a vCenter, however often it is loaded, and rejects
 * with a VCenterError where the vCenter failed, or the request has no valid token for it.
 */
export interface Loaders {
  /** The session of the request's token, from vAPI. */
  vapiSession(vcenter: VCenter): Promise<SessionInfo>;
  /** The session of the request's token, from vim25. */
  currentSession(vcenter: VCenter): Promise<UserSession>;
  /** All sessions, from vim25, by their keys and in its order. */
  sessionsByKey(vcenter: VCenter): Promise<ReadonlyMap<string, UserSession>>;
  /** The session of the request's token or another, by vim25's key; null where no session has it. */
  sessionByKey(vcenter: VCenter, key: string): Promise<FoundSession | null>;
}

/**
 * Creates the loaders of one request. They must not outlive it.
 *
 * @param turn - of the request's operation.
 * @param signal - cancels their calls: the client has gone.
 */
export function createLoaders(
  credentials: RequestCredentials,
  turn: Turn,
  signal?: AbortSignal,
): Loaders {
  const vapiSession = createCredentialLoader((vcenter) =>
    turn.call(() => getSession(credentials.of(vcenter, 'vapi'), signal)),
  );
  const currentSession = createCredentialLoader((vcenter) =>
    turn.call(() => getCurrentSession(credentials.of(vcenter, 'vim25'), signal)),
  );
  const beforeParsing = (response: Unparsed) => turn.beforeParsing(response);
  const readList = async (vcenter: VCenter): Promise<ReadonlyMap<string, UserSession>> => {
    const sessions = await turn.call(() =>
      getSessionList(credentials.of(vcenter, 'vim25'), signal, beforeParsing),
    );
    return new Map(sessions.map((session) => [session.key, session]));
  };
  // Created when they are needed: most requests load the session of their token alone.
  let sessionsByKey: CredentialLoader<ReadonlyMap<string, UserSession>> | undefined;
  let sessionByKey: SessionByKeyLoader | undefined;
  const loaders: Loaders = {
    vapiSession: (vcenter) => vapiSession.load(vcenter),
    currentSession: (vcenter) => currentSession.load(vcenter),
    sessionsByKey(vcenter) {
      sessionsByKey ??= createCredentialLoader(readList);
      return sessionsByKey.load(vcenter);
    },
    sessionByKey(vcenter, key) {
      sessionByKey ??= createSessionByKeyLoader(loaders);
      return sessionByKey.load({ vcenter, key });
    },
  };
  return loaders;
}
