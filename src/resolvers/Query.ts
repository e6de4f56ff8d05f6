import type { QueryResolvers } from '../generated/resolvers-types.ts';
import { loadCurrentSession } from '../loaders/merge-session.ts';
import { collectRequiredApis } from './required-apis.ts';
import { resolveSession } from './Session.ts';

export const Query: QueryResolvers = {
  currentSession: (_parent, { vcenter: id }, { vcenters, loaders }, info) =>
    loadCurrentSession(
      loaders,
      id == null ? vcenters.first : vcenters.get(id),
      collectRequiredApis(info),
    ),
  vcenter: (_parent, { id }, { vcenters }) => vcenters.get(id),
  vcenters: (_parent, _args, { vcenters }) => [...vcenters.all],
  session: (_parent, { id }, context, info) => resolveSession(id, context, info),
};
