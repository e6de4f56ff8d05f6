import { once } from 'node:events';
import type { ServerProcess } from '../scripts/server-process.ts';
import type { Held } from './soak-probe.ts';

/** Loaded into a server process, it tells {@link readHeld} what the process holds. */
export const soakProbe = new URL('./soak-probe.ts', import.meta.url);

/** What a server process that was started with the probe holds after a garbage collection. */
export async function readHeld({ child }: ServerProcess): Promise<Held> {
  const message = once(child, 'message');
  child.send('held');
  const [held] = (await message) as [Held];
  return held;
}
