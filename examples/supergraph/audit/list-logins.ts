import { sendQuery } from '../send-query.ts';
import type { Login } from './audit.ts';

/** A session as vcenter-session returns it. */
interface Session {
  readonly id: string;
  readonly loginTime: string;
}

/**
 * Queries vcenter-session for the sessions of all its vCenters and lists their logins, oldest first. A real audit
 * trail records the vCenters' events. Every vCenter must accept the token.
 */
export async function listLogins(
  url: string,
  token: string,
  headers: Record<string, string>,
): Promise<Login[]> {
  const { vcenters } = await sendQuery<{ vcenters: { id: string }[] }>(
    url,
    '{ vcenters { id } }',
    headers,
  );
  const tokens = Object.fromEntries(
    vcenters.map(({ id }) => [`vmware-api-session-id-${id}`, token]),
  );
  const listed = await sendQuery<{ vcenters: { sessions: Session[] }[] }>(
    url,
    '{ vcenters { sessions { id loginTime } } }',
    { ...headers, ...tokens },
  );
  return listed.vcenters
    .flatMap(({ sessions }) => sessions)
    .map(({ id, loginTime }) => ({ at: loginTime, sessionId: id }))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || (a.sessionId < b.sessionId ? -1 : 1));
}
