import { ask } from '../ask.ts';
import type { Logon } from './audit.ts';

/** A session as vcenter-session shows it. */
interface Session {
  readonly id: string;
  readonly loginTime: string;
}

/**
 * Asks vcenter-session who is logged on now to any of its vCenters, oldest logon first. A real audit trail is
 * told by the vCenters' events; this one starts with whoever is there. The token is one that all of them know.
 */
export async function recordLogons(
  url: string,
  token: string,
  headers: Record<string, string>,
): Promise<Logon[]> {
  const { vcenters } = await ask<{ vcenters: { id: string }[] }>(
    url,
    '{ vcenters { id } }',
    headers,
  );
  const tokens = Object.fromEntries(
    vcenters.map(({ id }) => [`vmware-api-session-id-${id}`, token]),
  );
  const listed = await ask<{ vcenters: { sessions: Session[] }[] }>(
    url,
    '{ vcenters { sessions { id loginTime } } }',
    { ...headers, ...tokens },
  );
  return listed.vcenters
    .flatMap(({ sessions }) => sessions)
    .map(({ id, loginTime }) => ({ at: loginTime, sessionId: id }))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || (a.sessionId < b.sessionId ? -1 : 1));
}
