import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { print } from 'graphql';
import { parseSchemaRename } from '../../src/config/schema-rename.ts';
import { readTypeDefs } from '../../src/graphql/subgraph.ts';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { startServerProcess, subgraph } from '../server-process.ts';
import { type Balancer, startBalancer } from './balancer.ts';
import { type RecordingProxy, startRecordingProxy } from './recording-proxy.ts';
import { users } from './users.ts';

const EXAMPLE = new URL('../../examples/supergraph/', import.meta.url);

/** What the routers and vcenter-session have in common. */
export const ROUTER_SECRET = 'a-secret-of-both';

/** The names that vcenter-session has beside the intranet, whose `Session` is its own. */
const RENAME = 'Session=VCenterSession,Query.currentSession=currentVCenterSession';

/** How long vcenter-session goes on serving after SIGTERM: its default in production. */
const DRAIN_MS = 5000;

/** A subgraph as a supergraph has it. */
export interface SubgraphInSupergraph {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
}

/** vCenters and subgraphs, on loopback, without a router. */
export interface Company extends AsyncDisposable {
  readonly berlin: Simulator;
  readonly lisbon: Simulator;
  readonly subgraphs: readonly SubgraphInSupergraph[];
  /** The other subgraphs, by name. */
  readonly others: ReadonlyMap<string, RecordingProxy>;
  /** Where vcenter-session is. */
  readonly balancer: Balancer;
  /**
   * Starts a new vcenter-session, terminates the old one and has the balancer use the new one, as an orchestrator
   * does.
   */
  restart(): Promise<Draining>;
}

/** A vcenter-session that has received SIGTERM. */
export interface Draining {
  /** When it stops listening and closes idle connections, in the time of `performance.now()`. */
  readonly endsAt: number;
  /** Settles when its process has ended. */
  readonly ended: Promise<void>;
}

/** A subgraph of `examples/supergraph`, which has packages and a check of types of its own. */
interface ExampleSubgraph {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
  close(): Promise<void>;
}

/** Starts the company of the example; with `intranet` the one that has a `Session` of its own. */
export async function startCompany({ intranet }: { intranet: boolean }): Promise<Company> {
  await using stack = new AsyncDisposableStack();
  const [berlin, lisbon] = [await startVCenter('berlin'), await startVCenter('lisbon')];
  stack.use(berlin);
  stack.use(lisbon);
  const folder = await mkdtemp(join(tmpdir(), 'routers-'));
  stack.defer(() => rm(folder, { recursive: true }));
  const CONFIG_FILE = join(folder, 'vcenters.yaml');
  const vcenters = [
    { id: 'berlin', url: berlin.url },
    { id: 'lisbon', url: lisbon.url },
  ];
  await writeFile(CONFIG_FILE, JSON.stringify({ vcenters }));

  const environment = {
    CONFIG_FILE,
    ROUTER_SECRET,
    DRAIN_MS: String(DRAIN_MS),
    LOG_LEVEL: 'info',
    ...(intranet && { SCHEMA_RENAME: RENAME }),
  };
  const start = () => startServerProcess(subgraph, { environment });
  let current = await start();
  stack.defer(() => current[Symbol.asyncDispose]());
  const balancer = stack.use(await startBalancer(new URL(current.url)));

  const others = new Map<string, RecordingProxy>();
  const subgraphs: SubgraphInSupergraph[] = [
    {
      name: 'vcenter-session',
      url: `${balancer.url}/graphql`,
      sdl: print(readTypeDefs(parseSchemaRename(intranet ? RENAME : {}))),
    },
  ];
  for (const [name, started] of intranet
    ? ([['intranet', startExample('intranet', 'startIntranet', 'berlin:administrator')]] as const)
    : ([
        ['people', startExample('people', 'startPeople')],
        ['audit', startExample('audit', 'startAudit', logins())],
      ] as const)) {
    const other = await started;
    stack.defer(() => other.close());
    const proxy = stack.use(await startRecordingProxy(other.url));
    others.set(name, proxy);
    const sdl = await readFile(new URL(`${name}/${name}.graphql`, EXAMPLE), 'utf8');
    subgraphs.push({ name, url: proxy.url, sdl });
  }
  const all = stack.move();
  return {
    berlin,
    lisbon,
    subgraphs,
    others,
    balancer,
    async restart() {
      const old = current;
      current = await start();
      // Load balancers learn of an end after it has begun.
      const endsAt = performance.now() + DRAIN_MS;
      const ended = Promise.resolve(old[Symbol.asyncDispose]());
      await setTimeout(DRAIN_MS / 4);
      balancer.target = new URL(current.url);
      return { endsAt, ended };
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

async function startVCenter(name: 'berlin' | 'lisbon'): Promise<Simulator> {
  const vcenter = await startSimulator({ name, demoSession: false });
  const address = name === 'berlin' ? '192.0.2' : '198.51.100';
  vcenter.addSession({
    token: 'demo',
    key: 'administrator',
    neverExpires: true,
    vim25: { loginTime: '2026-11-22T08:00:00.000001Z', ipAddress: `${address}.1` },
  });
  for (const user of ['guest', ...users])
    vcenter.addSession({
      token: user,
      user,
      key: user,
      neverExpires: true,
      vim25: { loginTime: '2026-11-22T09:00:00.000001+01:00', ipAddress: `${address}.2` },
    });
  return vcenter;
}

/** A login of the administrator and one of a guest on each vCenter. */
function logins(): { at: string; sessionId: string }[] {
  return ['berlin', 'lisbon'].flatMap((vcenter) =>
    ['administrator', 'guest'].map((key) => ({
      at: '2026-11-22T09:00:00Z',
      sessionId: `${vcenter}:${key}`,
    })),
  );
}

async function startExample(
  name: string,
  start: string,
  ...args: unknown[]
): Promise<ExampleSubgraph> {
  const module: Record<string, (...args: unknown[]) => Promise<ExampleSubgraph>> = await import(
    new URL(`${name}/${name}.ts`, EXAMPLE).href
  );
  const startSubgraph = module[start];
  if (!startSubgraph) throw new Error(`examples/supergraph/${name} has no ${start}`);
  return startSubgraph(...args);
}
