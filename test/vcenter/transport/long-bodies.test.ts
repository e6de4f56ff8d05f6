import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { UpstreamResponse } from '../../../src/vcenter/transport/call.ts';
import { createTransport } from '../../../src/vcenter/transport/transport.ts';
import { userSession } from '../../errors/responses.ts';
import { failure } from '../../support/errors.ts';
import { startVCenter, startWithSimulators, token } from '../../support/subgraph.ts';
import { type Double, http, json, startDouble } from '../../support/vcenter-double.ts';

const maxReading = 4;
const maxShortBytes = 64 * 1024;
const maxListBytes = 4 * 1024 * 1024;

/** The long bodies that are sent to the end but for their last bytes. */
const stopped = ['stopped-0', 'stopped-1', 'stopped-2', 'stopped-3'];

/** The list of a token: no two tokens have the same. */
function listOf(name: string): string {
  return JSON.stringify({ name, text: `${name}ö`.repeat(20_000) });
}

/** What ends the read of a list. */
interface ListOptions {
  readonly signal?: AbortSignal;
  readonly deadline?: number;
  readonly maxBodyBytes?: number;
}

/** A vCenter, and its transport. */
async function startVCenterDouble(timeoutMs = 20_000) {
  const double = await startDouble();
  const transport = createTransport({ id: 'default', url: new URL(double.url), timeoutMs });
  onTestFinished(() => transport.close());
  const completed: string[] = [];

  /** Reads the list of a token. */
  async function readList(
    name: string,
    { signal, deadline, maxBodyBytes = maxListBytes }: ListOptions = {},
  ): Promise<UpstreamResponse> {
    const headers = token(name);
    const call = { api: 'vim25', method: 'GET', path: '/sessionList', headers } as const;
    const bounds = { maxBodyBytes, ...(deadline && { deadline }) };
    const response = await transport.call({ ...call, ...bounds }, signal);
    completed.push(name);
    return response;
  }

  /** Reads a short body. It comes after the bytes that were sent before. */
  async function readShort(body: string | Uint8Array = '{}', headers: readonly string[] = []) {
    double.respondWith('vapi', 'short', (socket) => void socket.write(http(200, body, headers)));
    const call = { api: 'vapi', method: 'GET', path: '/api/session' } as const;
    const response = await transport.call({ ...call, headers: token('short') });
    await setImmediate();
    return response;
  }

  /** Starts to read a list that is sent whole, and waits until its first bytes have been read. */
  async function startList(
    name: string,
    response: Uint8Array = http(200, listOf(name)),
    options?: ListOptions,
  ) {
    double.respondWith('vim25', name, (socket) => void socket.write(response));
    const { length } = double.requests;
    const list = readList(name, options);
    list.catch(() => undefined);
    await vi.waitUntil(() => double.requests.length > length, { interval: 1 });
    await readShort();
    return { list };
  }

  return { double, completed, readList, readShort, startList };
}

/** Has the vCenter stop shortly before the end of a list, and returns a function for what is sent then. */
function stopBeforeEnd(double: Double, name: string): (end: 'rest' | 'reset' | Uint8Array) => void {
  let finish: ((end: 'rest' | 'reset' | Uint8Array) => void) | undefined;
  const response = Buffer.from(http(200, listOf(name)));
  double.respondWith('vim25', name, (socket) => {
    socket.write(response.subarray(0, -10));
    finish = (end) => {
      if (end === 'reset') socket.resetAndDestroy();
      else socket.write(end === 'rest' ? response.subarray(-10) : end);
    };
  });
  return (end) => finish?.(end);
}

/** The vCenter with as many long bodies as are read at once, each stopped before its end. */
async function startWithStopped(timeoutMs?: number) {
  const vcenter = await startVCenterDouble(timeoutMs);
  const client = new AbortController();
  const finish = stopped.map((name) => stopBeforeEnd(vcenter.double, name));
  const lists = stopped.map((name, i) =>
    vcenter.readList(name, i === 0 ? { signal: client.signal } : {}),
  );
  for (const list of lists) list.catch(() => undefined);
  await vi.waitUntil(() => vcenter.double.requests.length === maxReading, { interval: 1 });
  await vcenter.readShort();
  return { ...vcenter, client, finish, lists };
}

/** Starts to read lists, one after the other, that wait since so many others are being read. */
async function startWaiting({ startList }: Pick<Started, 'startList'>, names: readonly string[]) {
  const lists: Promise<UpstreamResponse>[] = [];
  for (const name of names) lists.push((await startList(name)).list);
  return lists;
}

type Started = Awaited<ReturnType<typeof startWithStopped>>;

test('reads four long bodies of a vCenter at once, and the others after them in their order', async () => {
  const vcenter = await startWithStopped();
  const names = Array.from({ length: 10 }, (_, i) => `waiting-${i}`);
  const waiting = await startWaiting(vcenter, names);
  expect(vcenter.completed).toEqual([]);
  vcenter.finish[2]?.('rest');
  expect(await Promise.all(waiting)).toEqual(
    names.map((name) => ({ status: 200, body: listOf(name) })),
  );
  expect(vcenter.completed).toEqual(['stopped-2', ...names]);
  for (const end of vcenter.finish) end('rest');
  expect(await Promise.all(vcenter.lists)).toEqual(
    stopped.map((name) => ({ status: 200, body: listOf(name) })),
  );
});

test.each<[string, (vcenter: Started) => void, string]>([
  ['is cancelled', ({ client }) => client.abort(), 'CANCELED'],
  ['fails', ({ finish }) => finish[0]?.('reset'), 'SERVICE_UNAVAILABLE'],
])('reads the next long body where one %s', async (_, endFirst, code) => {
  const vcenter = await startWithStopped();
  const waiting = await startWaiting(vcenter, ['waiting-0', 'waiting-1']);
  expect(vcenter.completed).toEqual([]);
  endFirst(vcenter);
  await expect(vcenter.lists[0]).rejects.toMatchObject({ extensions: { code } });
  await Promise.all(waiting);
  expect(vcenter.completed).toEqual(['waiting-0', 'waiting-1']);
});

const tooLong = Buffer.alloc(maxListBytes + 1, ' ');

test.each<[string, number, Uint8Array]>([
  ['list', maxListBytes, Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), tooLong])],
  ['compressed list', maxListBytes, http(200, gzipSync(tooLong), ['content-encoding: gzip'])],
  [
    'session',
    maxShortBytes,
    Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), tooLong.subarray(0, maxShortBytes + 1)]),
  ],
])(
  'reads a long body after more than four of a %s that exceeded their bound',
  async (_, maxBodyBytes, response) => {
    const vcenter = await startVCenterDouble();
    for (let i = 0; i <= maxReading; i++) {
      const { list } = await vcenter.startList(`long-${i}`, response, { maxBodyBytes });
      await expect(list).rejects.toMatchObject({ extensions: { code: 'BAD_UPSTREAM_RESPONSE' } });
    }
    const { list } = await vcenter.startList('last');
    expect(await list).toEqual({ status: 200, body: listOf('last') });
  },
);

test('skips a long body that was cancelled while it waited', async () => {
  const vcenter = await startWithStopped();
  const leaving = new AbortController();
  const waiting = [
    (await vcenter.startList('leaves', undefined, { signal: leaving.signal })).list,
    (await vcenter.startList('stays')).list,
  ];
  leaving.abort();
  await expect(waiting[0]).rejects.toMatchObject({ extensions: { code: 'CANCELED' } });
  vcenter.finish[0]?.('rest');
  expect(await waiting[1]).toEqual({ status: 200, body: listOf('stays') });
  expect(vcenter.completed).toEqual(['stopped-0', 'stays']);
});

test('fails a long body that waits with TIMED_OUT at its deadline, and reads the next after those at theirs', async () => {
  const vcenter = await startWithStopped(1500);
  const deadline = performance.now() + 300;
  const late = (await vcenter.startList('late', undefined, { deadline })).list;
  const next = (await vcenter.startList('next', undefined, { deadline: deadline + 20_000 })).list;
  const timedOut = { extensions: { code: 'TIMED_OUT' } };
  await expect(late).rejects.toMatchObject(timedOut);
  expect(vcenter.completed).toEqual([]);
  expect(await next).toEqual({ status: 200, body: listOf('next') });
  for (const list of vcenter.lists) await expect(list).rejects.toMatchObject(timedOut);
});

test('reads a body of 64 KiB, and any body of a session, while long ones are read', async () => {
  const vcenter = await startWithStopped();
  await vcenter.startList('waiting');
  const { list } = await vcenter.startList('short', http(200, ' '.repeat(maxShortBytes)));
  expect(await list).toEqual({ status: 200, body: ' '.repeat(maxShortBytes) });
  const compressed = await vcenter.readShort(gzipSync('{}'), ['content-encoding: gzip']);
  expect(compressed).toEqual({ status: 200, body: '{}' });
  expect(vcenter.completed).toEqual(['short']);
});

test('decompresses a list, which may be long then, after the long bodies before it', async () => {
  const vcenter = await startWithStopped();
  const response = http(200, gzipSync(listOf('compressed')), ['content-encoding: gzip']);
  expect(response.length).toBeLessThan(maxShortBytes);
  const { list } = await vcenter.startList('compressed', response);
  const next = await vcenter.startList('next');
  expect(vcenter.completed).toEqual([]);
  vcenter.finish[0]?.('rest');
  expect(await list).toEqual({ status: 200, body: listOf('compressed') });
  await next.list;
  expect(vcenter.completed).toEqual(['stopped-0', 'compressed', 'next']);
});

test('decompresses a list that is long already in its place', async () => {
  const vcenter = await startWithStopped();
  vcenter.finish[0]?.('rest');
  await vcenter.lists[0];
  const text = randomBytes(2 * maxShortBytes).toString('base64');
  const response = http(200, gzipSync(text), ['content-encoding: gzip']);
  const { list } = await vcenter.startList('compressed', response);
  expect(await list).toEqual({ status: 200, body: text });
});

test('reads the list of a vCenter while another one has stopped in the middle of its lists', async () => {
  const [a, b] = [await startDouble(), await startVCenter({ sessions: 500 })];
  const subgraph = await startWithSimulators({ a, b }, () => ({ timeoutMs: 20_000 }));
  const finish = stopped.map((name) => stopBeforeEnd(a, name));
  const query = '{ vcenter(id: "a") { sessions { key } } }';
  const lists = stopped.map((name) => subgraph.query(query, token(name)));
  await vi.waitUntil(() => a.requests.length === maxReading);
  a.respondWith('vim25', 'session', (socket) => void socket.write(json(200, userSession)));
  const { body } = await subgraph.query('{ vcenter(id: "b") { sessions { key } } }', {
    'vmware-api-session-id-b': 'demo',
  });
  expect(Object(body).data.vcenter.sessions).toHaveLength(501);
  const short = await subgraph.query('{ currentSession { key } }', token('session'));
  expect(short.body).toEqual({ data: { currentSession: { key: userSession.key } } });
  for (const end of finish) end('reset');
  for (const { body } of await Promise.all(lists))
    expect(body).toEqual({
      data: { vcenter: { sessions: null } },
      errors: [failure(['vcenter', 'sessions'], 'SERVICE_UNAVAILABLE', 'vim25', { id: 'a' })],
    });
});
