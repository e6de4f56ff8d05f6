import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startWithSimulator, token } from '../../support/subgraph.ts';

const query = '{ currentSession { user key } }';

/** A vCenter that serves 40 calls a second, 16 at once, is offered four times as many for this long. */
const offered = { queriesPerSecond: 80, seconds: 5 };

/** The fields of a response that have a value. Each is what one call returned. */
function countFields(body: unknown): number {
  const { user = null, key = null } = Object(Object(body).data.currentSession);
  return [user, key].filter((value) => value !== null).length;
}

test('goes on to serve what an overloaded vCenter can serve, and makes few calls in vain', {
  timeout: 30_000,
}, async () => {
  const { vcenter, subgraph } = await startWithSimulator(
    {},
    { VCENTER_TIMEOUT_MS: '2000' },
    { maxConnections: 8, breakerFailures: 0 },
  );
  vcenter.injectFault({ latencyMs: 400 });
  const deliveredIn = Array<number>(offered.seconds + 2).fill(0);
  const start = performance.now();
  const send = async (index: number) => {
    const name = `user-${index}`;
    vcenter.addSession({ token: name, user: name });
    const { body } = await subgraph.query(query, token(name));
    const second = Math.floor((performance.now() - start) / 1000);
    deliveredIn[second] = (deliveredIn[second] ?? 0) + countFields(body);
  };
  const sent: Promise<void>[] = [];
  while (performance.now() - start < offered.seconds * 1000) {
    const due = ((performance.now() - start) * offered.queriesPerSecond) / 1000;
    while (sent.length < due) sent.push(send(sent.length));
    await setTimeout(5);
  }
  await Promise.all(sent);

  const [first = 0, ...later] = deliveredIn;
  const laterMean = sum(later.slice(0, offered.seconds - 1)) / (offered.seconds - 1);
  expect(first).toBeGreaterThan(0);
  expect(laterMean).toBeGreaterThan(first * 0.6);
  // A partial result is of use, so a call is in vain where no client receives what it returned.
  const calls = vcenter.callCount();
  expect(calls - sum(deliveredIn)).toBeLessThan(calls * 0.1);
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
