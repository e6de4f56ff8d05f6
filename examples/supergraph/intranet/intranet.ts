import { type RunningSubgraph, serveSubgraph } from '../subgraph-server.ts';

/**
 * Starts `intranet`, which has a `Session`, a `User` and a `currentSession` of its own, as the subgraphs of many
 * companies do.
 *
 * @param vcenterSessionId - the id of the vCenter session that the intranet's session refers to.
 */
export function startIntranet(vcenterSessionId: string): Promise<RunningSubgraph> {
  const session = {
    id: 'intranet-1',
    user: { id: 'ada', name: 'Ada Berger' },
    vcenterSession: { id: vcenterSessionId },
  };
  return serveSubgraph('intranet', {
    Query: { currentSession: () => session },
    Session: {
      __resolveReference: ({ id }: { id: string }) => (id === session.id ? session : null),
    },
    User: { __resolveReference: ({ id }: { id: string }) => (id === 'ada' ? session.user : null) },
  });
}
