import { once } from 'node:events';
import type { ServerProcess } from '../scripts/server-process.ts';
import type { ProcessResources } from './soak-probe.ts';

/** Loaded into a server process, it tells {@link readProcessResources} what the process holds. */
export const soakProbe = new URL('./soak-probe.ts', import.meta.url);

/** What a server process that was started with the probe holds after a garbage collection. */
export async function readProcessResources({ child }: ServerProcess): Promise<ProcessResources> {
  const message = once(child, 'message');
  child.send('resources');
  const [resources] = (await message) as [ProcessResources];
  return resources;
}
