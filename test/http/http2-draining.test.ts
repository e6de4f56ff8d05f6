import { once } from 'node:events';
import { constants } from 'node:http2';
import { expect, test, vi } from 'vitest';
import { connectHttp2, get } from '../support/http2-client.ts';
import {
  encodeHeaders,
  endHeaders,
  endStream,
  openRawHttp2,
  requestHeaders,
} from '../support/raw-http2.ts';
import {
  callsTo,
  startSubgraph,
  startVCenter,
  startWithSimulator,
  token,
} from '../support/subgraph.ts';

const query = '{ currentSession { user } }';
const success = { data: { currentSession: { user: 'Administrator@vsphere.local' } } };

test('while it drains it serves requests, then completes those in flight and closes the connection', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph({ VCENTER_URL: vcenter.url });
  const barrier = vcenter.barrier({ count: 1000, giveUpAfterMs: 15_000 });
  const client = connectHttp2(subgraph.url);
  const inFlight = client.query(query, token('demo'));
  await vi.waitUntil(() => barrier.arrived === 1, { timeout: 10_000 });
  const goaway = once(client.session, 'goaway');
  const closed = subgraph.close(1000);
  expect((await get(client, '/health/ready')).status).toBe(503);
  const other = client.query('{ currentSession { loginTime } }', token('demo'));
  await vi.waitUntil(() => barrier.arrived === 2, { timeout: 10_000 });
  expect(((await goaway) as [number])[0]).toBe(constants.NGHTTP2_NO_ERROR);
  barrier.cancel();
  const { headers, body } = await inFlight;
  expect(body).toEqual(success);
  expect(headers['connection']).toBeUndefined();
  expect((await other).status).toBe(200);
  await closed;
  expect(client.session.destroyed).toBe(true);
  expect(vcenter.calls.map(({ state }) => state)).toEqual(['completed', 'completed']);
});

test('serves a request that was on the way when it announced the end of the connection', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  const client = await openRawHttp2(subgraph.url);
  client.acknowledgeSettings();
  client.request(1, JSON.stringify({ query }), token('demo'));
  expect(await client.next('data', 1)).toMatchObject({ payload: `${JSON.stringify(success)}\n` });
  const closed = subgraph.close();
  expect(await client.next('goaway')).toMatchObject({ payload: '7fffffff00000000' });
  const ping = await client.next('ping');
  client.request(3, JSON.stringify({ query }), token('demo'));
  expect(await client.next('data', 3)).toMatchObject({ payload: `${JSON.stringify(success)}\n` });
  client.acknowledgePing(ping);
  expect(await client.next('goaway')).toMatchObject({ payload: '0000000300000000' });
  await closed;
  expect(callsTo(vcenter)).toEqual(['vapi getSession', 'vapi getSession']);
});

test('refuses a request of which only a part has arrived, so that its client may send it again', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { bounds: { goawayTimeoutMs: 100 } },
  );
  const client = connectHttp2(subgraph.url);
  const stream = client.open(token('demo'));
  stream.write('{');
  await get(client, '/health/live');
  const failed = once(stream, 'error');
  await subgraph.close();
  await failed;
  expect(stream.rstCode).toBe(constants.NGHTTP2_REFUSED_STREAM);
  expect(callsTo(vcenter)).toEqual([]);
});

test('completes a request whose rest arrives after the end of its connection was announced', async () => {
  const { subgraph } = await startWithSimulator();
  const client = await openRawHttp2(subgraph.url);
  client.acknowledgeSettings();
  const body = JSON.stringify({ query });
  client.send('headers', endHeaders, 1, encodeHeaders({ ...requestHeaders, ...token('demo') }));
  client.send('data', 0, 1, Buffer.from(body.slice(0, 5)));
  await fetch(`${subgraph.url}/health/live`);
  const closed = subgraph.close();
  client.acknowledgePing(await client.next('ping'));
  await client.next('goaway');
  expect(await client.next('goaway')).toMatchObject({ payload: '0000000100000000' });
  client.send('data', endStream, 1, Buffer.from(body.slice(5)));
  expect(await client.next('data', 1)).toMatchObject({ payload: `${JSON.stringify(success)}\n` });
  await closed;
});

test('does not wait for a client that does not acknowledge the end of its connection', async () => {
  const subgraph = await startSubgraph(
    { VCENTER_URL: 'http://127.0.0.1:1', VCENTER_TIMEOUT_MS: '60000' },
    { bounds: { goawayTimeoutMs: 100 } },
  );
  const client = await openRawHttp2(subgraph.url);
  client.acknowledgeSettings();
  await client.next('settings');
  await subgraph.close();
});
