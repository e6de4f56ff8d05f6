import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '../../src/simulator/index.ts';

/** The company's sites. Each has a vCenter of its own. */
const SITES = ['berlin', 'lisbon'] as const;

/** vCenters that are there, and the configuration file that vcenter-session finds them by. */
export interface VCenterRegistry extends AsyncDisposable {
  readonly configFile: string;
}

/** Starts a simulated vCenter for each site: its administrator and one other user are logged in. */
export async function startVCenters(): Promise<VCenterRegistry> {
  await using stack = new AsyncDisposableStack();
  const vcenters = [];
  for (const id of SITES) {
    const { url } = stack.use(await startSimulator({ name: id, sessions: 1 }));
    vcenters.push({ id, url });
  }
  const folder = await mkdtemp(join(tmpdir(), 'supergraph-'));
  stack.defer(() => rm(folder, { recursive: true }));
  const configFile = join(folder, 'vcenters.yaml');
  // JSON is YAML too.
  await writeFile(configFile, JSON.stringify({ vcenters }));
  const all = stack.move();
  return { configFile, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
