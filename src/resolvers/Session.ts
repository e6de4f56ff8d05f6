import { assertObjectType, type GraphQLObjectType, type GraphQLResolveInfo } from 'graphql';
import type { SessionResolvers } from '../generated/resolvers-types.ts';
import { loadSession, type ReadResult, type SessionSource } from '../loaders/merge-session.ts';
import { chargeVapiErrors } from './charge-sessions.ts';
import type { Context } from './context.ts';
import { requiredApis } from './required-apis.ts';
import { type FieldSource, sessionFields } from './session-fields.ts';
import { parseSessionId } from './session-id.ts';

export const Session: SessionResolvers = {
  async __resolveReference({ __typename, id }, context, info) {
    const type = assertObjectType(info.schema.getType(__typename));
    const session = await resolveSession(id, context, info, type);
    if (session?.vapi.status === 'failed')
      chargeVapiErrors(context.budget, info, type, 1, session.vapi.error);
    return session;
  },
  ...createFieldResolvers(),
};

/** Creates the resolver of each field that is read from an API. */
function createFieldResolvers(): SessionResolvers {
  const resolvers: Record<string, (session: SessionSource) => unknown> = {};
  for (const [name, source] of Object.entries<FieldSource<unknown>>(sessionFields)) {
    if (source.api === 'vapi')
      resolvers[name] = ({ vapi }) =>
        vapi.status === 'otherUser' ? null : source.read(loadedValue(vapi));
    if (source.api === 'vim25')
      resolvers[name] = ({ vim25, vcenter }) => source.read(loadedValue(vim25), vcenter);
  }
  return resolvers;
}

/** The value of a read, whose failure is the field's. */
function loadedValue<Value>(result: ReadResult<Value>): Value {
  if (result.status === 'loaded') return result.value;
  if (result.status === 'failed') throw result.error;
  throw new Error(`a field was resolved whose API was not called: ${result.status}`);
}

/**
 * Resolves a Session by its id, for `Query.session` and for references from other subgraphs.
 *
 * @param type - the Session's type. Default: the type of the field that `info` is of.
 */
export async function resolveSession(
  id: unknown,
  { vcenters, loaders }: Context,
  info: GraphQLResolveInfo,
  type?: GraphQLObjectType,
): Promise<SessionSource | null> {
  const { vcenter, key } = parseSessionId(id);
  return loadSession(loaders, vcenters.get(vcenter), key, requiredApis(info, type));
}
