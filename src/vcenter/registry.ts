import { badUserInput } from '../errors/bad-user-input.ts';
import type { TransportObservers } from './transport/transport.ts';
import { createVCenter, type VCenter, type VCenterOptions } from './vcenter.ts';

/** All configured vCenters, at least one. */
export interface VCenterRegistry {
  /** The one that is used where a query names none. */
  readonly first: VCenter;
  /** In the order of the settings. */
  readonly all: readonly VCenter[];
  /**
   * One by its id.
   *
   * @throws GraphQLError of code `BAD_USER_INPUT` where none has it.
   */
  get(id: string): VCenter;
  /** Ends all their calls and connections. */
  close(): Promise<void>;
}

/** Creates the vCenters of the settings, without calling them. */
export function createVCenterRegistry(
  options: readonly VCenterOptions[],
  observers?: TransportObservers,
): VCenterRegistry {
  const all = options.map((one) => createVCenter(one, observers));
  const [first] = all;
  if (!first) throw new RangeError('at least one vCenter must be configured, received none');
  const byId = new Map(all.map((vcenter) => [vcenter.id, vcenter]));
  return {
    first,
    all,
    get(id) {
      const vcenter = byId.get(id);
      if (!vcenter)
        throw badUserInput(
          `A vCenter's id must be one that is configured, received ${quoted(id)}.`,
        );
      return vcenter;
    },
    async close() {
      await Promise.all(all.map((vcenter) => vcenter.transport.close()));
    },
  };
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 64 ? `${text.slice(0, 64)}…` : text);
}
