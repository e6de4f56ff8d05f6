import { type RunningSubgraph, serveSubgraph } from '../subgraph-server.ts';

/** A login as it was recorded: when, and the id of the session that it began. */
export interface Login {
  readonly at: string;
  readonly sessionId: string;
}

/** Starts `audit`, which stores logins, and of their sessions nothing but the id. */
export function startAudit(logins: readonly Login[]): Promise<RunningSubgraph> {
  return serveSubgraph('audit', {
    Query: { logins: () => logins },
    Login: { session: ({ sessionId }: Login) => ({ id: sessionId }) },
  });
}
