import { badUserInput } from '../errors/bad-user-input.ts';
import type { VCenterResolvers } from '../generated/resolvers-types.ts';
import { loadCurrentSession, loadSessions } from '../loaders/merge-session.ts';
import { chargeSessions } from './charge-sessions.ts';
import { requiredApis } from './required-apis.ts';

export const VCenter: VCenterResolvers = {
  // Async, since Federation's resolver gives up the whole list where one reference throws at once.
  async __resolveReference({ id }, { vcenters }) {
    if (typeof id !== 'string') throw badUserInput("A vCenter's id must be a string.");
    return vcenters.get(id);
  },
  currentSession: (vcenter, _args, { loaders }, info) =>
    loadCurrentSession(loaders, vcenter, requiredApis(info)),
  sessions: (vcenter, _args, { loaders, budget, turn }, info) =>
    loadSessions(loaders, vcenter, requiredApis(info), async (count, vapiError) => {
      chargeSessions(budget, info, count, vapiError);
      if (budget.resolvesManyFields) await turn.take();
    }),
};
