import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startListening } from '../../scripts/listening-process.ts';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';

const START = fileURLToPath(new URL('../../examples/supergraph/start.ts', import.meta.url));

/** The gateways that the supergraph is run behind. */
export const gateways = ['hive', 'apollo'] as const;

/** The supergraph of `examples/supergraph` behind one gateway, on vCenters that the test controls. */
export interface Company extends AsyncDisposable {
  /** The URL of the gateway's GraphQL endpoint. */
  readonly url: string;
  readonly berlin: Simulator;
  readonly lisbon: Simulator;
}

/**
 * Starts vCenters in which two users are logged in each, then the example as a process of its own, as
 * `npm run supergraph` does. The gateway and the subgraph share a secret.
 *
 * @param options - further options of the example.
 */
export async function startCompany(
  gateway: (typeof gateways)[number],
  ...options: readonly '--intranet'[]
): Promise<Company> {
  await using stack = new AsyncDisposableStack();
  const berlin = stack.use(await startSimulator({ name: 'berlin', demoSession: false }));
  const lisbon = stack.use(await startSimulator({ name: 'lisbon', demoSession: false }));
  for (const [vcenter, address] of [
    [berlin, '192.0.2'],
    [lisbon, '198.51.100'],
  ] as const) {
    vcenter.addSession({
      token: 'demo',
      key: 'administrator',
      neverExpires: true,
      vim25: { loginTime: '2026-11-22T08:00:00.000001Z', ipAddress: `${address}.1` },
    });
    vcenter.addSession({
      token: 'guest',
      user: 'guest',
      key: 'guest',
      neverExpires: true,
      vim25: { loginTime: '2026-11-22T09:00:00.000001+01:00', ipAddress: `${address}.2` },
    });
  }

  const folder = await mkdtemp(join(tmpdir(), 'company-'));
  stack.defer(() => rm(folder, { recursive: true }));
  const configFile = join(folder, 'vcenters.yaml');
  await writeFile(
    configFile,
    `vcenters:\n  - { id: berlin, url: "${berlin.url}" }\n  - { id: lisbon, url: "${lisbon.url}" }\n`,
  );
  const { ready, stop } = startListening({
    args: [START, '--gateway', gateway, ...options],
    environment: {
      ...process.env,
      CONFIG_FILE: configFile,
      PORT: '0',
      ROUTER_SECRET: 'a-secret-of-both',
    },
    readReady: (line) => /^ready: (\S+)/.exec(line)?.[1],
  });
  stack.defer(async () => void (await stop()));
  const url = await ready;
  const all = stack.move();
  return { url, berlin, lisbon, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** How many calls of each operation a vCenter has had since they were last cleared. */
export function callsTo(vcenter: Simulator): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { operation } of vcenter.calls) counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
}
