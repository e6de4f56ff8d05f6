import { assertObjectType, type GraphQLObjectType, type GraphQLResolveInfo } from 'graphql';
import type { SessionResolvers } from '../generated/resolvers-types.ts';
import { loadSession, type SessionSource } from '../loaders/merge-session.ts';
import type { SessionInfo } from '../vcenter/vapi/schemas.ts';
import type { UserSession } from '../vcenter/vim25/schemas.ts';
import { chargeVapiErrors } from './charge.ts';
import type { Context } from './context.ts';
import { requiredApis } from './required-apis.ts';
import { formatSessionId, parseSessionId } from './session-id.ts';

export const Session: SessionResolvers = {
  async __resolveReference({ __typename, id }, context, info) {
    const type = assertObjectType(info.schema.getType(__typename));
    const session = await resolveSession(id, context, info, type);
    if (session?.vapi instanceof Error)
      chargeVapiErrors(context.budget, info, type, 1, session.vapi);
    return session;
  },

  id: (session) => formatSessionId({ vcenter: session.vcenter.id, key: vim25Session(session).key }),

  user: (session) => vapiSession(session)?.user ?? null,
  createdTime: (session) => vapiSession(session)?.created_time ?? null,
  lastAccessedTime: (session) => vapiSession(session)?.last_accessed_time ?? null,

  key: (session) => vim25Session(session).key,
  userName: (session) => vim25Session(session).userName,
  fullName: (session) => vim25Session(session).fullName,
  loginTime: (session) => vim25Session(session).loginTime,
  lastActiveTime: (session) => vim25Session(session).lastActiveTime,
  locale: (session) => vim25Session(session).locale,
  messageLocale: (session) => vim25Session(session).messageLocale,
  extensionSession: (session) => vim25Session(session).extensionSession,
  ipAddress: (session) => vim25Session(session).ipAddress,
  userAgent: (session) => vim25Session(session).userAgent,
  callCount: (session) => vim25Session(session).callCount,
};

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

function vapiSession({ vapi }: SessionSource): SessionInfo | null {
  if (vapi instanceof Error) throw vapi;
  if (vapi === undefined) throw new Error('vAPI was not asked for a field that needs it');
  return vapi;
}

function vim25Session({ vim25 }: SessionSource): UserSession {
  if (vim25 instanceof Error) throw vim25;
  if (vim25 === undefined) throw new Error('vim25 was not asked for a field that needs it');
  return vim25;
}
