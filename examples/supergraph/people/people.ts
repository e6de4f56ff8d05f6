import { type RunningSubgraph, serveSubgraph } from '../subgraph-server.ts';

interface Person {
  readonly name: string;
  readonly department: string;
}

/**
 * What the gateway sends for `Session.person`: the key, and the field that `@requires` names. Where that field
 * failed it is null, and with some gateways the error itself stands in its place.
 */
interface SessionWithUser {
  readonly id: string;
  readonly user: unknown;
}

/** The company's directory: who has which account. Account names don't tell upper case from lower case. */
const directory: ReadonlyMap<string, Person> = new Map([
  ['administrator@berlin.local', { name: 'Ada Berger', department: 'Platform' }],
  ['administrator@lisbon.local', { name: 'Rui Lopes', department: 'Operations' }],
]);

/** Starts `people`, which knows who is behind an account. */
export function startPeople(): Promise<RunningSubgraph> {
  return serveSubgraph('people', {
    Session: {
      person: ({ user }: SessionWithUser) =>
        typeof user === 'string' ? (directory.get(user.toLowerCase()) ?? null) : null,
    },
  });
}
