import { postQuery } from './query.ts';
import type { Target } from './target.ts';
import { users } from './users.ts';

const QUERIES_PER_SECOND = 100;
const RESTARTS = 3;

/** What a run of restarts did. */
export interface RestartResult {
  readonly sent: number;
  readonly restarts: number;
  /** Responses that are not as expected. */
  readonly lost: readonly unknown[];
}

/** Sends queries at a constant rate while vcenter-session is restarted, one restart after the other. */
export async function lostInRestarts({ company, url }: Target): Promise<RestartResult> {
  const lost: unknown[] = [];
  const inFlight = new Set<Promise<void>>();
  let sent = 0;
  const send = async (user: string): Promise<void> => {
    const expected = JSON.stringify({
      data: { currentSession: { userName: `BERLIN.LOCAL\\${user}` } },
    });
    const headers = { 'vmware-api-session-id': user };
    const received = await postQuery(url, '{ currentSession { userName } }', headers).then(
      ({ body }) => body,
      (error: unknown) => ({ failed: String(error) }),
    );
    if (JSON.stringify(received) !== expected) lost.push(received);
  };
  const startedAt = performance.now();
  const sendOne = () => {
    const query = send(users[sent % users.length] ?? '').finally(() => inFlight.delete(query));
    inFlight.add(query);
    sent += 1;
  };
  // As many as are due, since timers are late on a busy machine.
  const timer = setInterval(() => {
    while (sent < ((performance.now() - startedAt) / 1000) * QUERIES_PER_SECOND) sendOne();
  }, 1000 / QUERIES_PER_SECOND);
  try {
    for (let restart = 0; restart < RESTARTS; restart += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      await company.restart();
    }
  } finally {
    clearInterval(timer);
    await Promise.all(inFlight);
  }
  return { sent, restarts: RESTARTS, lost };
}
