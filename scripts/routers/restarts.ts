import { setTimeout } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { Company } from './company.ts';
import { postQuery } from './query.ts';
import type { Target } from './target.ts';
import { users } from './users.ts';

const queriesPerSecond = 100;

/** On a machine that is too busy for that rate queries are left out, so that nothing is lost to overload. */
const maxInFlight = 100;

const restarts = 3;

/** The connections that a router opens before a restart. */
const connections = 80;

/** When queries come in bursts, in milliseconds around the end of draining. So few use half of the connections. */
const bursts = { beforeMs: 40, afterMs: 60, everyMs: 4, queries: 4 };

/** What a run of restarts did. */
export interface RestartResult {
  readonly sent: number;
  readonly restarts: number;
  /** Responses that are not as expected. */
  readonly lost: readonly unknown[];
}

/**
 * Sends queries at a constant rate while vcenter-session is restarted, one restart after the other. A burst before
 * each leaves the router with idle connections, which those at the end of draining use as they are closed.
 */
export async function lostInRestarts({ company, url }: Target): Promise<RestartResult> {
  const queries = new Queries(url);
  const startedAt = performance.now();
  let due = 0;
  const timer = setInterval(() => {
    // As many as are due, since timers are late on a busy machine.
    for (; due < ((performance.now() - startedAt) / 1000) * queriesPerSecond; due += 1)
      if (queries.inFlight < maxInFlight) queries.send();
  }, 1000 / queriesPerSecond);
  try {
    for (let restart = 0; restart < restarts; restart += 1) {
      await setTimeout(1000);
      await openConnections(company, queries);
      const { endsAt, ended } = await company.restart();
      await setTimeout(Math.max(0, endsAt - bursts.beforeMs - performance.now()));
      while (performance.now() < endsAt + bursts.afterMs) {
        sendBurst(queries, bursts.queries);
        await setTimeout(bursts.everyMs);
      }
      await ended;
    }
  } finally {
    clearInterval(timer);
    await queries.completed();
  }
  return { sent: queries.sent, restarts, lost: queries.lost };
}

/** Has so many queries in flight at once that the router opens connections. */
async function openConnections({ berlin }: Company, queries: Queries): Promise<void> {
  berlin.injectFault({ latencyMs: 300 });
  sendBurst(queries, connections);
  await queries.completed();
  berlin.clearFaults();
}

function sendBurst(queries: Queries, count: number): void {
  for (let index = 0; index < count; index += 1) queries.send(`x-${queries.sent}`);
}

/** Sends queries of different users, and keeps the responses that are not as expected. */
class Queries {
  readonly #url: string;
  readonly #inFlight = new Set<Promise<void>>();
  readonly lost: unknown[] = [];
  sent = 0;

  constructor(url: string) {
    this.#url = url;
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** @param language - a query in another language is another request, whose response no router shares. */
  send(language = 'en'): void {
    const query = this.#send(this.sent, language).finally(() => this.#inFlight.delete(query));
    this.#inFlight.add(query);
    this.sent += 1;
  }

  /** Waits for the queries in flight. */
  async completed(): Promise<void> {
    await Promise.all(this.#inFlight);
  }

  async #send(index: number, language: string): Promise<void> {
    const user = users[index % users.length];
    const expected = JSON.stringify({
      data: { currentSession: { userName: `BERLIN.LOCAL\\${user}` } },
    });
    const received = await postQuery(this.#url, '{ currentSession { userName } }', {
      'vmware-api-session-id': `${user}`,
      'accept-language': language,
    }).then(
      ({ body }) => body,
      (error: unknown) => ({ failed: inspect(error) }),
    );
    if (JSON.stringify(received) !== expected) this.lost.push(received);
  }
}
