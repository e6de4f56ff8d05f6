import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { temporaryFile } from '../support/files.ts';
import { startProcess } from '../support/process.ts';
import { postQuery, startVCenter, token } from '../support/subgraph.ts';

const query = '{ currentSession { user loginTime } }';
const expected = {
  data: { currentSession: { user: 'Administrator@vsphere.local', loginTime: expect.any(String) } },
};

test('logs one line with its URL once it listens', async () => {
  const vcenter = await startVCenter();
  const started = await startProcess({ PORT: '0', VCENTER_URL: vcenter.url });
  expect(started.ready).toMatchObject({
    msg: 'ready',
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
  });
  expect(started.ready).not.toHaveProperty('simulator');
  const { body } = await postQuery(`${started.ready.url}/graphql`, query, token('demo'));
  expect(body).toEqual(expected);
  await started.stop('SIGTERM');
  expect(readyLines(started.lines)).toEqual([started.ready]);
});

/** All lines; every line is JSON. */
function entriesOf(lines: readonly string[]): { readonly msg: string }[] {
  return lines.map((line) => JSON.parse(line) as { msg: string });
}

/** The lines logged once the process listens. */
function readyLines(lines: readonly string[]): unknown[] {
  return entriesOf(lines).filter(({ msg }) => msg === 'ready');
}

test('starts the simulator where no vCenter is configured, and logs that', async () => {
  const { ready, lines, stop } = await startProcess({ PORT: '0' });
  expect(ready.simulator).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(lines.join('\n')).toContain(
    'no vCenter is configured (VCENTER_URL): the embedded simulator is used; its token is demo',
  );
  const graphql = `${ready.url}/graphql`;
  expect((await postQuery(graphql, query, token('demo'))).body).toEqual(expected);
  expect((await postQuery(graphql, query)).body).toMatchObject({
    data: { currentSession: null },
    errors: [{ path: ['currentSession'], extensions: { code: 'UNAUTHENTICATED' } }],
  });

  const login = await fetch(`${ready.simulator}/api/session`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('jdoe:demo')}` },
  });
  const { body } = await postQuery(graphql, query, token((await login.json()) as string));
  expect(body).toMatchObject({ data: { currentSession: { user: 'jdoe@vsphere.local' } } });
  expect(await stop('SIGTERM')).toBe(0);
  expect(readyLines(lines)).toEqual([ready]);
  await expect(fetch(`${ready.simulator}/api/session`)).rejects.toThrow('fetch failed');
});

test('applies the settings of a vCenter to the simulator', async () => {
  const { ready } = await startProcess({ PORT: '0', VCENTER_ID: 'trial', VCENTER_RELEASE: 'auto' });
  const { body } = await postQuery(
    `${ready.url}/graphql`,
    '{ vcenters { id currentSession { id } } }',
    {
      'vmware-api-session-id-trial': 'demo',
    },
  );
  const session = { id: expect.stringMatching(/^trial:/) };
  expect(body).toEqual({ data: { vcenters: [{ id: 'trial', currentSession: session }] } });
});

test.each([
  ['SIGTERM', '0'],
  // It skips the wait.
  ['SIGINT', '60000'],
] as const)(
  'on %s completes the query that is in flight, and exits with 0 long before the deadline of its calls',
  async (signal, DRAIN_MS) => {
    const vcenter = await startVCenter();
    const barrier = vcenter.barrier({ count: 1000, giveUpAfterMs: 15_000 });
    const { ready, lines, stop } = await startProcess({
      PORT: '0',
      VCENTER_URL: vcenter.url,
      DRAIN_MS,
      // Longer than the test may take: a timer of a deadline that keeps the process up makes it fail.
      VCENTER_TIMEOUT_MS: '60000',
    });
    // An earlier request that is complete does not end draining.
    await fetch(`${ready.url}/health/live`);
    const inFlight = [0, 1].map(() => postQuery(`${ready.url}/graphql`, query, token('demo')));
    await vi.waitUntil(() => barrier.arrived >= 2, { timeout: 10_000 });
    const exitCode = stop(signal);
    await vi.waitUntil(() => isRefused(ready.url), { timeout: 10_000 });
    barrier.cancel();
    for (const { body } of await Promise.all(inFlight)) expect(body).toEqual(expected);
    expect(await exitCode).toBe(0);
    // Three calls in a row, each until its own deadline, and a second for each of what follows.
    const draining = { signal, drainMs: 0, atMostMs: 3 * 60_000 + 2000 };
    expect(entriesOf(lines)).toContainEqual(expect.objectContaining(draining));
  },
);

/** Whether nothing listens any more. */
function isRefused(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.destroy();
      resolve(false);
    });
    socket.on('error', () => resolve(true));
  });
}

test('counts signals within a second as one, as npm sends Ctrl-C twice', async () => {
  const vcenter = await startVCenter();
  const barrier = vcenter.barrier({ count: 1000, giveUpAfterMs: 15_000 });
  const { ready, stop } = await startProcess({ PORT: '0', VCENTER_URL: vcenter.url });
  const inFlight = postQuery(`${ready.url}/graphql`, query, token('demo'));
  await vi.waitUntil(() => barrier.arrived === 2, { timeout: 10_000 });
  const exitCode = stop('SIGINT');
  void stop('SIGINT');
  await vi.waitUntil(() => isRefused(ready.url), { timeout: 10_000 });
  barrier.cancel();
  expect((await inFlight).body).toEqual(expected);
  expect(await exitCode).toBe(0);
});

test('ends at once on a signal that comes more than a second after the first', async () => {
  const vcenter = await startVCenter();
  vcenter.injectFault({ hang: true });
  const { ready, stop } = await startProcess({ PORT: '0', VCENTER_URL: vcenter.url });
  const inFlight = postQuery(`${ready.url}/graphql`, query, token('demo'));
  const dropped = expect(inFlight).rejects.toThrow('fetch failed');
  await vi.waitUntil(() => vcenter.calls.length === 2, { timeout: 10_000 });
  void stop('SIGTERM');
  await vi.waitUntil(() => isRefused(ready.url), { timeout: 10_000 });
  await setTimeout(1100);
  expect(await stop('SIGTERM')).toBe(1);
  await dropped;
});

test('writes no token to its output', async () => {
  const vcenter = await startVCenter();
  vcenter.injectFault({ api: 'vim25', reset: true });
  const { ready, lines, stop } = await startProcess({
    PORT: '0',
    VCENTER_URL: vcenter.url,
    LOG_LEVEL: 'trace',
  });
  const secret = 'a-token-that-nobody-may-read';
  for (const value of ['', ' in two', '\u00e9', 'x'.repeat(20_000)])
    await postQuery(`${ready.url}/graphql`, query, token(secret + value)).catch(() => undefined);
  await stop('SIGTERM');
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.join('\n')).not.toContain(secret);
  expect(lines.join('\n')).not.toContain([...Buffer.from(secret)].join());
});

test.each<[when: string, before: NodeJS.Signals[]]>([
  ['', []],
  [' while it drains', ['SIGTERM']],
])(
  'after an uncaught error%s completes what is in flight, logs the cause and exits with 1',
  async (_, before) => {
    const vcenter = await startVCenter();
    const barrier = vcenter.barrier({ count: 1000, giveUpAfterMs: 15_000 });
    const throwing = temporaryFile(
      'throw.mjs',
      `process.on('SIGUSR2', () => {
      throw new Error('outer', { cause: new Error('inner') });
    });`,
    );
    const { ready, lines, stop } = await startProcess({
      PORT: '0',
      VCENTER_URL: vcenter.url,
      NODE_OPTIONS: `--import=${throwing}`,
    });
    const inFlight = postQuery(`${ready.url}/graphql`, query, token('demo'));
    await vi.waitUntil(() => barrier.arrived === 2, { timeout: 10_000 });
    for (const signal of before) {
      void stop(signal);
      await vi.waitUntil(() => isRefused(ready.url), { timeout: 10_000 });
    }
    const exitCode = stop('SIGUSR2');
    const logged = await vi.waitUntil(() => lines.find((line) => line.includes('uncaught error')), {
      timeout: 10_000,
    });
    await vi.waitUntil(() => isRefused(ready.url), { timeout: 10_000 });
    barrier.cancel();
    expect((await inFlight).body).toEqual(expected);
    expect(await exitCode).toBe(1);
    expect(logged).toContain('outer');
    expect(logged).toContain('inner');
  },
);

test('loses no request in the restart of one of two replicas', async () => {
  const vcenter = await startVCenter();
  const settings = { VCENTER_URL: vcenter.url, NODE_ENV: 'production', DRAIN_MS: '2500' };
  const start = (port: string) => startProcess({ ...settings, PORT: port });
  const restarted = { process: await start('0'), ready: true };
  const replicas = [restarted, { process: await start('0'), ready: true }];
  const failures: unknown[] = [];
  let stopped = false;
  let turn = 0;
  let served = 0;
  const send = async () => {
    while (!stopped) {
      turn += 1;
      const chosen = replicas.filter(({ ready }) => ready)[turn % 2] ?? replicas.find(isReady);
      if (!chosen) {
        await setTimeout(10);
        continue;
      }
      const { url } = chosen.process.ready;
      const body = await postQuery(`${url}/graphql`, query, token('demo')).then(
        (response) => response.body,
        (error: unknown) => error,
      );
      if (JSON.stringify(body).includes('Administrator')) served += 1;
      else failures.push(body);
    }
  };
  const probe = async () => {
    while (!stopped) {
      for (const replica of replicas)
        replica.ready = await fetch(`${replica.process.ready.url}/health/ready`).then(
          ({ ok }) => ok,
          () => false,
        );
      await setTimeout(100);
    }
  };
  const load = Promise.all([probe(), ...Array.from({ length: 4 }, send)]);
  const { port } = new URL(restarted.process.ready.url);
  expect(await restarted.process.stop('SIGTERM')).toBe(0);
  restarted.process = await start(port);
  await vi.waitUntil(() => restarted.ready, { timeout: 10_000 });
  stopped = true;
  await load;
  expect(failures).toEqual([]);
  expect(served).toBeGreaterThan(0);
}, 60_000);

function isReady({ ready }: { readonly ready: boolean }): boolean {
  return ready;
}
