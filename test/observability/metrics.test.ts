import { spawnSync } from 'node:child_process';
import { ApolloServer } from '@apollo/server';
import { expect, onTestFinished, test, vi } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { readMetric } from '../support/metrics.ts';
import {
  post,
  type Subgraph,
  startSubgraph,
  startVCenter,
  startWithSimulator,
  token,
} from '../support/subgraph.ts';

const name = 'vcenter_call_duration_seconds';
const query = '{ currentSession { user loginTime } }';

async function scrape({ url }: Pick<Subgraph, 'url'>): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}

/** The series of a metric that have a value other than 0. */
async function nonZero(subgraph: Subgraph, metric: string): Promise<string[]> {
  const lines = (await scrape(subgraph)).split('\n');
  return lines.filter((line) => line.startsWith(metric) && !line.endsWith(' 0')).sort();
}

test('counts calls of each vCenter and API by their result, without users or tokens', async () => {
  const vcenter = await startVCenter();
  const subgraph = await startSubgraph({ VCENTER_URL: vcenter.url, VCENTER_ID: 'berlin' });
  vcenter.injectFault({ api: 'vim25', reset: true, times: 1 });
  await subgraph.query(query, token('demo'));
  await subgraph.query(query, token('unknown'));

  const response = await fetch(`${subgraph.url}/metrics`);
  const text = await response.text();
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/plain');
  const counts = text.split('\n').filter((line) => line.startsWith(`${name}_count`));
  expect(counts.sort()).toEqual([
    `${name}_count{vcenter="berlin",api="vapi",result="200"} 1`,
    `${name}_count{vcenter="berlin",api="vapi",result="401"} 1`,
    `${name}_count{vcenter="berlin",api="vim25",result="200"} 1`,
    `${name}_count{vcenter="berlin",api="vim25",result="SERVICE_UNAVAILABLE"} 1`,
  ]);
  expect(text).toContain('process_cpu_user_seconds_total');
  for (const secret of ['demo', 'unknown', vcenter.sessionFor('demo')?.key ?? '?'])
    expect(text).not.toContain(secret);
});

test.each([
  ['vcenter_call_duration_seconds', '{vcenter="default",api="vapi",result="200"}'],
  ['graphql_operation_duration_seconds', '{result="ok"}'],
])(
  'has the durations of %s in seconds, in buckets of which each includes those below',
  async (histogram, labels) => {
    const { vcenter, subgraph } = await startWithSimulator();
    const start = performance.now();
    await subgraph.query('{ currentSession { user } }', token('demo'));
    vcenter.injectFault({ latencyMs: 60 });
    await subgraph.query('{ currentSession { user } }', token('demo'));
    const elapsedSeconds = (performance.now() - start) / 1000;

    const sum = await readMetric(subgraph.url, `${histogram}_sum${labels}`);
    expect(sum).toBeGreaterThan(0.05);
    expect(sum).toBeLessThan(elapsedSeconds);
    const buckets = (await scrape(subgraph))
      .split('\n')
      .filter((line) => line.startsWith(`${histogram}_bucket${labels.slice(0, -1)},le=`))
      .map((line) => Number(line.slice(line.lastIndexOf(' '))));
    expect(buckets).toHaveLength(12);
    expect(buckets).toEqual(buckets.toSorted((a, b) => a - b));
    // The one of 0.025 s does not have the slow one, the last one has both.
    expect([buckets[2], buckets.at(-1)]).toEqual([expect.toBeOneOf([0, 1]), 2]);
  },
);

test('counts operations by their result and errors by their code, from the cache or not', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  for (const _ of ['by Apollo Server', 'from the document cache']) {
    await subgraph.query(query, token('demo'));
    vcenter.injectFault({ api: 'vapi', vapiError: 'SERVICE_UNAVAILABLE', times: 1 });
    await subgraph.query('{ currentSession { user createdTime key } }', token('demo'));
    await subgraph.query(query);
  }
  await subgraph.query('{ vcenters { id } vcenter(id: "none") { id } }');
  await subgraph.query('{ nothing }');
  await subgraph.query('{');
  await post(`${subgraph.url}/graphql`, '{}');
  await post(`${subgraph.url}/graphql`, JSON.stringify({ query: '{ a '.repeat(1000) }));

  expect(await nonZero(subgraph, 'graphql_operation_duration_seconds_count')).toEqual([
    'graphql_operation_duration_seconds_count{result="failed"} 2',
    'graphql_operation_duration_seconds_count{result="invalid"} 4',
    'graphql_operation_duration_seconds_count{result="ok"} 2',
    'graphql_operation_duration_seconds_count{result="partial"} 3',
  ]);
  expect(await nonZero(subgraph, 'graphql_errors_total')).toEqual([
    'graphql_errors_total{code="BAD_REQUEST"} 2',
    'graphql_errors_total{code="BAD_USER_INPUT"} 1',
    'graphql_errors_total{code="GRAPHQL_PARSE_FAILED"} 1',
    'graphql_errors_total{code="GRAPHQL_VALIDATION_FAILED"} 1',
    'graphql_errors_total{code="SERVICE_UNAVAILABLE"} 4',
    'graphql_errors_total{code="UNAUTHENTICATED"} 2',
  ]);
  expect(await nonZero(subgraph, 'graphql_internal_errors_total')).toEqual([]);
});

test('counts bugs of the subgraph apart from the internal errors of a vCenter', async () => {
  const vcenter = await startVCenter();
  const { vcenters } = readConfig({ VCENTER_URL: vcenter.url });
  // A lone surrogate cannot be put into a URL; no setting can be one.
  const subgraph = await startSubgraph(
    { VCENTER_URL: vcenter.url },
    { vcenters: vcenters.map((one) => ({ ...one, sessionManager: '\ud800' })) },
  );
  vcenter.injectFault({ api: 'vapi', vapiError: 'INTERNAL_SERVER_ERROR' });
  for (const _ of ['by Apollo Server', 'from the document cache'])
    await subgraph.query('{ a: currentSession { user } b: currentSession { key } }', token('demo'));
  expect(await nonZero(subgraph, 'graphql_errors_total')).toEqual([
    'graphql_errors_total{code="INTERNAL_SERVER_ERROR"} 4',
  ]);
  expect(await nonZero(subgraph, 'graphql_internal_errors_total')).toEqual([
    'graphql_internal_errors_total 2',
  ]);
});

test('counts a request that the server fails to execute as a bug, and masks it', async () => {
  const { subgraph } = await startWithSimulator();
  const spy = vi.spyOn(ApolloServer.prototype, 'executeHTTPGraphQLRequest');
  onTestFinished(() => spy.mockRestore());
  spy.mockRejectedValue(new RangeError('leak'));
  const { status, body } = await subgraph.query(query, token('demo'));
  expect([status, body]).toEqual([
    500,
    {
      errors: [{ message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
    },
  ]);
  expect(await nonZero(subgraph, 'graphql_operation_duration_seconds_count')).toEqual([
    'graphql_operation_duration_seconds_count{result="failed"} 1',
  ]);
  for (const metric of [
    'graphql_errors_total{code="INTERNAL_SERVER_ERROR"}',
    'graphql_internal_errors_total',
  ])
    expect(await nonZero(subgraph, metric)).toEqual([`${metric} 1`]);
});

test('has a gauge of the calls that are in flight', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  vcenter.injectFault({ hang: true });
  const barrier = vcenter.barrier({ count: 2 });
  const response = subgraph.query(query, token('demo'));
  await barrier.done;
  expect(await nonZero(subgraph, 'vcenter_calls_in_flight')).toEqual([
    'vcenter_calls_in_flight{vcenter="default",api="vapi"} 1',
    'vcenter_calls_in_flight{vcenter="default",api="vim25"} 1',
  ]);
  await vcenter.close();
  await response;
  expect(await nonZero(subgraph, 'vcenter_calls_in_flight')).toEqual([]);
});

test('has no more series after 400 more operation names, tokens, vCenter ids, codes and statuses', async () => {
  const { vcenter, subgraph } = await startWithSimulator({}, {}, { breakerFailures: 0 });
  const send = (i: number) => {
    vcenter.injectFault({ api: 'vapi', token: `token-${i}`, vapiError: `TYPE_${i}` });
    const response = { status: 200 + (i % 400) };
    vcenter.injectFault({ api: 'vim25', token: `token-${i}`, response });
    return subgraph.query(
      `query Name${i} { currentSession { user loginTime } vcenter(id: "id-${i}") { id } }`,
      { ...token(`token-${i}`), 'x-request-id': `id-${i}` },
    );
  };
  const sendAll = async (from: number, to: number) => {
    for (let start = from; start < to; start += 50)
      await Promise.all(Array.from({ length: 50 }, (_, index) => send(start + index)));
    vcenter.clearFaults();
  };
  const series = async () =>
    (await scrape(subgraph)).match(/^(?!#|nodejs_|process_).+\{/gm)?.length;
  await sendAll(0, 400);
  const before = await series();
  await sendAll(400, 800);
  expect(await series()).toBe(before);
  // 14 for each status of HTTP, and a fixed number for the rest.
  expect(before).toBeLessThan(1000);
}, 60_000);

test('exposes metrics that promtool accepts', async () => {
  const { subgraph } = await startWithSimulator();
  await subgraph.query(query, token('demo'));
  const all = await scrape(subgraph);
  // Node.js's own come from prom-client, whose names are what dashboards of Node.js know.
  const own = all.replace(/^(?:# \w+ )?(?:nodejs|process)_.*\n/gm, '');
  const { stdout, stderr, status } = spawnSync('promtool', ['check', 'metrics'], { input: own });
  expect({ status, output: `${stdout}${stderr}` }).toEqual({ status: 0, output: '' });
});
