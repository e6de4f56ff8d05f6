import { type RunningSubgraph, serveSubgraph } from '../subgraph-server.ts';

/** A logon as it was recorded: when, and the id of the session that it began. */
export interface Logon {
  readonly at: string;
  readonly sessionId: string;
}

/** Starts `audit`, which remembers logons, and of their sessions nothing but the id. */
export function startAudit(logons: readonly Logon[]): Promise<RunningSubgraph> {
  return serveSubgraph('audit', {
    Query: { logons: () => logons },
    Logon: { session: ({ sessionId }: Logon) => ({ id: sessionId }) },
  });
}
