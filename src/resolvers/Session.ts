import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.ts';
import type { SessionResolvers } from '../generated/resolvers-types.ts';
import { loadSession, type SessionSource } from '../loaders/session.ts';
import type { SessionInfo, UserSession } from '../vcenter/shapes.ts';
import { neededApis } from './needed-apis.ts';
import { formatSessionId, parseSessionId } from './session-id.ts';

export const Session: SessionResolvers = {
  __resolveReference: ({ id }, context, info) => resolveSession(id, context, info),

  id: (session) => formatSessionId({ vcenter: session.vcenter.id, key: vim25Of(session).key }),

  user: (session) => vapiOf(session)?.user ?? null,
  createdTime: (session) => vapiOf(session)?.created_time ?? null,
  lastAccessedTime: (session) => vapiOf(session)?.last_accessed_time ?? null,

  key: (session) => vim25Of(session).key,
  userName: (session) => vim25Of(session).userName,
  fullName: (session) => vim25Of(session).fullName,
  loginTime: (session) => vim25Of(session).loginTime,
  lastActiveTime: (session) => vim25Of(session).lastActiveTime,
  locale: (session) => vim25Of(session).locale,
  messageLocale: (session) => vim25Of(session).messageLocale,
  extensionSession: (session) => vim25Of(session).extensionSession,
  ipAddress: (session) => vim25Of(session).ipAddress,
  userAgent: (session) => vim25Of(session).userAgent,
  callCount: (session) => vim25Of(session).callCount,
};

/** Resolves a Session by its id, for `Query.session` and for references from other subgraphs. */
export async function resolveSession(
  id: unknown,
  { vcenters, loaders }: Context,
  info: GraphQLResolveInfo,
): Promise<SessionSource | null> {
  const { vcenter, key } = parseSessionId(id);
  return loadSession(loaders, vcenters.get(vcenter), key, neededApis(info));
}

function vapiOf({ vapi }: SessionSource): SessionInfo | null {
  if (vapi instanceof Error) throw vapi;
  if (vapi === undefined) throw new Error('vAPI was not asked for a field that needs it');
  return vapi;
}

function vim25Of({ vim25 }: SessionSource): UserSession {
  if (vim25 instanceof Error) throw vim25;
  if (vim25 === undefined) throw new Error('vim25 was not asked for a field that needs it');
  return vim25;
}
