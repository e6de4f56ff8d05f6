import { expect, test } from 'vitest';
import type { Simulator } from '../../../src/simulator/index.ts';
import { startQuery } from '../../support/leaving-client.ts';
import { readMetric } from '../../support/metrics.ts';
import fc from '../../support/property.ts';
import { startVCenter, startWithSimulators } from '../../support/subgraph.ts';
import {
  callsOf,
  documentOf,
  type Failure,
  fieldValue,
  type Mix,
  type MixedQuery,
  mixes,
  type Outcome,
  outcomeOf,
  tokens,
  vcenterIds,
} from './model.ts';

const sharedCalls = 'vcenter_calls_shared_total';
const patient = { timeout: 3_000, interval: 5 };

test('returns to each query its own session, with one call for each that is different', {
  timeout: 60_000,
}, async () => {
  const vcenters = { a: await startVCenter(), b: await startVCenter() };
  const { url } = await startWithSimulators(vcenters, () => ({
    breakerFailures: 0,
    timeoutMs: 60_000,
  }));
  for (const id of vcenterIds)
    for (const token of tokens.slice(0, -1))
      vcenters[id].addSession({
        token,
        user: `${token}-${id}`,
        key: fieldValue('vim25', id, token),
      });
  const property = fc.asyncProperty(mixes, (mix) => runMix(mix, url, vcenters));
  await fc.assert(property, { numRuns: 40, interruptAfterTimeLimit: 40_000 });
});

async function runMix(
  mix: Mix,
  url: string,
  vcenters: Record<(typeof vcenterIds)[number], Simulator>,
): Promise<void> {
  for (const vcenter of Object.values(vcenters)) {
    vcenter.clearCalls();
    vcenter.barrier({ count: 100_000, giveUpAfterMs: 20_000 });
  }
  for (const { vcenter, api, token, failure } of mix.failing)
    vcenters[vcenter].injectFault({ api, token, ...faults[failure][api] });
  const callsIn = (...states: string[]) =>
    vcenterIds
      .flatMap((id) =>
        vcenters[id].calls
          .filter(({ state }) => states.includes(state))
          .map((call) => `${id} ${call.api} ${call.token} ${call.headers['accept-language']}`),
      )
      .toSorted();
  let shared = await readMetric(url, sharedCalls);
  const inFlight = new Set<string>();
  const aborted: string[] = [];
  const clients: ReturnType<typeof startClient>[] = [];
  const send = async (queries: readonly MixedQuery[]) => {
    for (const call of queries.flatMap(callsOf))
      if (inFlight.has(call)) shared += 1;
      else inFlight.add(call);
    for (const query of queries) clients.push(startClient(url, query));
    await expect.poll(() => callsIn('open'), patient).toEqual([...inFlight].toSorted());
    await expect.poll(() => readMetric(url, sharedCalls), patient).toBe(shared);
  };

  try {
    await send(mix.first);
    const waited = new Set(mix.first.filter(({ leaves }) => !leaves).flatMap(callsOf));
    for (const call of inFlight) if (!waited.has(call)) aborted.push(call);
    for (const call of aborted) inFlight.delete(call);
    for (const { query, leave } of clients) if (query.leaves) leave();
    await expect.poll(() => callsIn('aborted'), patient).toEqual(aborted.toSorted());
    await send(mix.later);
  } finally {
    // Nothing of a mix that fails may be in flight in the next one.
    for (const vcenter of Object.values(vcenters)) vcenter.clearFaults();
    await Promise.all(clients.map(({ outcome }) => outcome));
  }
  for (const { query, outcome } of clients)
    expect(await outcome).toEqual(query.leaves ? 'left' : outcomeOf(query, mix));
  expect(callsIn('open', 'completed', 'aborted')).toEqual([...inFlight, ...aborted].toSorted());
}

const faults: Record<Failure, Record<'vapi' | 'vim25', object>> = {
  FORBIDDEN: { vapi: { vapiError: 'UNAUTHORIZED' }, vim25: { vim25Fault: 'NoPermission' } },
  SERVICE_UNAVAILABLE: {
    vapi: { response: { status: 503 } },
    vim25: { response: { status: 503 } },
  },
  TRUNCATED: { vapi: { truncated: true }, vim25: { truncated: true } },
};

function startClient(url: string, query: MixedQuery) {
  const { response, leave } = startQuery(url, documentOf(query), {
    'accept-language': query.language,
    [`vmware-api-session-id-${query.vcenter}`]: query.token,
  });
  const outcome = response.then((body) => (body === 'left' ? body : toOutcome(body)));
  return { query, outcome, leave };
}

function toOutcome(body: unknown): Outcome {
  const { data, errors = [] } = Object(body);
  return {
    session: data.currentSession,
    errors: errors.map((error: { path: string[]; extensions: Record<string, never> }) => ({
      path: error.path,
      code: error.extensions['code'],
      api: Object(error.extensions['vcenter']).api,
    })),
  };
}
