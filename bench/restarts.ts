/** Whether a query is lost while two replicas are restarted in turns, as an orchestrator does. */
import { setTimeout } from 'node:timers/promises';
import { Pool } from 'undici';
import { type ServerProcess, startServerProcess, subgraph } from '../scripts/server-process.ts';
import { startDouble } from './processes.ts';
import { sessionInfoOf, userSessionOf } from './sessions.ts';

/** The results of the queries. */
export interface RestartsResult {
  readonly restarts: number;
  readonly sent: number;
  /** Of each query without the expected response, what was received instead. */
  readonly lost: readonly string[];
}

const queriesPerSecond = 200;
const readinessPeriodMs = 250;
const readinessTimeoutMs = 1000;
/** Long enough to notice that a replica is not ready, and to complete what was sent before. */
const drainMs = 2000;
const readyTimeoutMs = 30_000;
const queryTimeoutMs = 10_000;
/** How long a process may run before it is ended, in milliseconds. */
const maxMs = 300_000;

const body = JSON.stringify({ query: '{ currentSession { user loginTime } }' });

/** A replica, as a load balancer sees it: ready or not, by what it returned last. */
class Replica {
  readonly #vcenterUrl: string;
  #server: ServerProcess | undefined;
  #pool: Pool | undefined;
  isReady = false;

  constructor(vcenterUrl: string) {
    this.#vcenterUrl = vcenterUrl;
  }

  async start(): Promise<void> {
    this.#server = await startServerProcess(subgraph, {
      environment: { VCENTER_URL: this.#vcenterUrl, DRAIN_MS: String(drainMs) },
      maxMs,
    });
    this.#pool = new Pool(this.#server.url);
  }

  /** Sends SIGTERM, and waits until the process has ended. The load balancer is not notified. */
  async stop(): Promise<void> {
    await this.#server?.[Symbol.asyncDispose]();
    await this.#pool?.destroy();
    this.#pool = undefined;
  }

  async checkReadiness(): Promise<void> {
    try {
      const response = await this.#pool?.request({
        path: '/health/ready',
        method: 'GET',
        signal: AbortSignal.timeout(readinessTimeoutMs),
      });
      await response?.body.dump();
      this.isReady = response?.statusCode === 200;
    } catch (error) {
      // One late response takes no replica out, as with a failure threshold; a closed connection does.
      if (!(error instanceof Error && error.name === 'TimeoutError')) this.isReady = false;
    }
  }

  /** @returns what was received where it is not the expected response. */
  async query(token: string): Promise<string | undefined> {
    const { user } = sessionInfoOf(token);
    const { loginTime } = userSessionOf(token);
    const expected = JSON.stringify({ data: { currentSession: { user, loginTime } } });
    if (!this.#pool) return 'sent to a replica that has ended';
    try {
      const response = await this.#pool.request({
        path: '/graphql',
        method: 'POST',
        headers: { 'content-type': 'application/json', 'vmware-api-session-id': token },
        body,
        signal: AbortSignal.timeout(queryTimeoutMs),
      });
      const text = (await response.body.text()).trimEnd();
      return text === expected ? undefined : `${response.statusCode} ${text}`;
    } catch (error) {
      return String(error);
    }
  }
}

/** Restarts two replicas in turns while queries are sent to the ones that are ready. It takes about 4 s a restart. */
export async function measureRestarts(restarts = 20): Promise<RestartsResult> {
  await using double = await startDouble();
  const replicas = [new Replica(double.url), new Replica(double.url)] as const;
  const lost: string[] = [];
  const inFlight = new Set<Promise<void>>();
  let sent = 0;

  async function send(index: number): Promise<void> {
    const ready = replicas.filter(({ isReady }) => isReady);
    const replica = ready[index % ready.length];
    const received = await (replica?.query(`restarts-${index}`.padEnd(32, '-token')) ??
      'no replica is ready');
    if (received !== undefined) lost.push(received);
  }

  async function awaitReady(replica: Replica): Promise<void> {
    const deadline = performance.now() + readyTimeoutMs;
    while (!replica.isReady) {
      if (performance.now() > deadline) throw new Error('a replica did not become ready');
      await setTimeout(readinessPeriodMs);
    }
  }

  await Promise.all(replicas.map((replica) => replica.start()));
  const readiness = setInterval(() => {
    for (const replica of replicas) replica.checkReadiness();
  }, readinessPeriodMs);
  let load: NodeJS.Timeout | undefined;
  try {
    await Promise.all(replicas.map(awaitReady));
    const start = performance.now();
    // As many as are due, since timers are late on a busy machine.
    load = setInterval(() => {
      while (sent < ((performance.now() - start) / 1000) * queriesPerSecond) {
        const query = send(sent++).finally(() => inFlight.delete(query));
        inFlight.add(query);
      }
    }, 5);
    for (let restart = 0; restart < restarts; restart++) {
      const replica = replicas[restart % 2 === 0 ? 0 : 1];
      await replica.stop();
      await replica.start();
      await awaitReady(replica);
    }
  } finally {
    clearInterval(load);
    clearInterval(readiness);
    await Promise.all(inFlight);
    await Promise.all(replicas.map((replica) => replica.stop()));
  }
  return { restarts, sent, lost };
}
