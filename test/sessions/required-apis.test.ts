import { describe, expect, test } from 'vitest';
import fc from '../support/property.ts';
import {
  predictedCalls,
  type QueryParts,
  queryParts,
  withoutVariables,
  write,
} from '../support/random-query.ts';
import { callsTo, startWithSimulator, token } from '../support/subgraph.ts';

const vapi = ['vapi getSession'];
const vim25 = ['vim25 currentSession'];
const both = [...vapi, ...vim25];

const fragments: Readonly<Record<string, string>> = {
  '...A': 'fragment A on Session { user }',
  '...B': 'fragment B on Session { ... { key } }',
  '...C': 'fragment C on Session { ... on Session { ...D } }',
  '...D': 'fragment D on Session { user ... on Session { key } }',
};

/** The fragments that a selection spreads, and those that they spread. */
function fragmentsFor(selection: string): string {
  const spread = [...new Set(selection.match(/\.\.\.[A-D]/g))];
  return spread
    .map((name) => fragments[name] ?? '')
    .map((definition) => `${definition} ${fragmentsFor(definition)}`)
    .join(' ');
}

describe('calls exactly the APIs that the selection needs', () => {
  test.each<[selection: string, calls: string[]]>([
    ['{ user }', vapi],
    ['{ createdTime }', vapi],
    ['{ lastAccessedTime }', vapi],
    ['{ user createdTime lastAccessedTime }', vapi],
    ['{ loginTime }', vim25],
    ['{ id }', vim25],
    ['{ key }', vim25],
    ['{ callCount }', vim25],
    ['{ extensionSession }', vim25],
    ['{ __typename }', vim25],
    ['{ vcenter { id } }', vim25],
    ['{ a: __typename b: vcenter { id } }', vim25],
    ['{ user __typename vcenter { id } }', vapi],
    ['{ user loginTime }', both],
    ['{ id user }', both],
    ['{ a: user b: user c: user d: createdTime }', vapi],
    ['{ a: key b: key c: id d: userAgent }', vim25],
    ['{ a: user b: user c: loginTime d: loginTime e: id }', both],
    // An alias is not the field that it is named after.
    ['{ user: userName }', vim25],
    ['{ loginTime: user }', vapi],
    ['{ ... { user } }', vapi],
    ['{ ... on Session { user ... { ... on Session { createdTime } } } }', vapi],
    ['{ ... { user } ... on Session { key } }', both],
    ['{ ...A }', vapi],
    ['{ ...A ...A ...B }', both],
    ['{ ...C }', both],
    ['{ ... on Session { ...B } }', vim25],
    // A session within the session of the same token is the same one.
    ['{ vcenter { currentSession { key } } }', vim25],
    ['{ user vcenter { currentSession { user vcenter { currentSession { user } } } } }', vapi],
    ['{ user vcenter { currentSession { key } } }', both],
  ])('%s', async (selection, calls) => {
    const { vcenter, subgraph } = await startWithSimulator();
    const query = `{ currentSession ${selection} } ${fragmentsFor(selection)}`;
    const { body } = await subgraph.query(query, token('demo'));
    expect(body).toEqual({ data: { currentSession: expect.any(Object) } });
    expect(callsTo(vcenter)).toEqual(calls);
  });

  test.each<[selection: string, whereTrue: string[], whereFalse: string[]]>([
    ['{ user @include(if: $is) key }', both, vim25],
    ['{ user @skip(if: $is) key }', vim25, both],
    ['{ user key @include(if: $is) }', both, vapi],
    ['{ user @include(if: $is) }', vapi, vim25],
    ['{ key @include(if: $is) }', vim25, vim25],
    ['{ key ... @include(if: $is) { user } }', both, vim25],
    ['{ key ... on Session @skip(if: $is) { ...A } }', vim25, both],
    ['{ key ...A @include(if: $is) }', both, vim25],
    ['{ key ...A @skip(if: $is) }', vim25, both],
    ['{ key ...A @include(if: $is) ...A @skip(if: $is) }', both, both],
    ['{ key user @include(if: true) @skip(if: $is) }', vim25, both],
    ['{ key user @include(if: false) @skip(if: $is) }', vim25, vim25],
    ['{ key a: user @include(if: $is) b: user @skip(if: $is) }', both, both],
  ])('%s, with its variable true and false', async (selection, whereTrue, whereFalse) => {
    const { vcenter, subgraph } = await startWithSimulator();
    const query = `query ($is: Boolean!) { currentSession ${selection} } ${fragmentsFor(selection)}`;
    const calls = [];
    for (const is of [true, false, true, false]) {
      vcenter.clearCalls();
      const { body } = await subgraph.query(query, token('demo'), { is });
      expect(body).toEqual({ data: { currentSession: expect.any(Object) } });
      calls.push(callsTo(vcenter));
    }
    expect(calls).toEqual([whereTrue, whereFalse, whereTrue, whereFalse]);
  });

  test.each<[query: string, calls: string[]]>([
    ['{ __typename }', []],
    ['{ vcenters { id __typename } vcenter(id: "default") { id } }', []],
    ['{ _service { sdl } }', []],
    ['{ currentSession @include(if: false) { user } __typename }', []],
    ['{ a: currentSession { user } b: currentSession { user } c: currentSession { user } }', vapi],
    ['{ a: currentSession { user } b: currentSession { key } }', both],
    ['{ currentSession { user } currentSession { key } }', both],
    ['{ a: currentSession { user key } b: currentSession(vcenter: "default") { key user } }', both],
    ['{ currentSession { key } vcenter(id: "default") { currentSession { key } } }', vim25],
    [
      '{ currentSession { user } vcenters { currentSession { key } } vcenter(id: "default") { currentSession { user key } } }',
      both,
    ],
    ['{ vcenters { a: currentSession { user } b: currentSession { user } } }', vapi],
    ['{ vcenters { id currentSession @skip(if: true) { user } } }', []],
    // One field in two places, which in one of them is merged with another.
    [
      '{ a: vcenter(id: "default") { ...S } b: vcenter(id: "default") { ...S currentSession { key } } } fragment S on VCenter { currentSession { user } }',
      both,
    ],
    [
      '{ a: vcenter(id: "default") { ...S currentSession { key } } b: vcenter(id: "default") { ...S } } fragment S on VCenter { currentSession { user } }',
      both,
    ],
  ])('%s, three times', async (query, calls) => {
    const { vcenter, subgraph } = await startWithSimulator();
    for (let i = 0; i < 3; i++) {
      vcenter.clearCalls();
      const { body } = await subgraph.query(query, token('demo'));
      expect(body).toEqual({ data: expect.any(Object) });
      expect(callsTo(vcenter)).toEqual(calls);
    }
  });

  test('random queries, compared with a model', { timeout: 60_000 }, async () => {
    const { vcenter, subgraph } = await startWithSimulator();
    await fc.assert(
      fc.asyncProperty(queryParts, async (parts: QueryParts) => {
        const query = write(parts);
        // The same without variables, and each a second time, when the document is cached.
        for (const text of [query, query, withoutVariables(query), withoutVariables(query)]) {
          vcenter.clearCalls();
          const { body } = await subgraph.query(text, token('demo'), { yes: true, no: false });
          expect(body).toEqual({ data: expect.any(Object) });
          expect(callsTo(vcenter)).toEqual(predictedCalls(parts));
        }
      }),
      { numRuns: 300 },
    );
  });
});

test('calls no API without a token', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  await subgraph.query('{ currentSession { user loginTime } vcenters { currentSession { id } } }');
  expect(vcenter.calls).toEqual([]);
});

test('calls both APIs in parallel: both requests arrive before either response is sent', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  const barrier = vcenter.barrier({ count: 2, giveUpAfterMs: 8_000 });
  const { body } = await subgraph.query('{ currentSession { user loginTime } }', token('demo'));
  expect(await barrier.done).toBe(true);
  expect(body).toEqual({
    data: {
      currentSession: { user: 'Administrator@vsphere.local', loginTime: expect.any(String) },
    },
  });
  expect(callsTo(vcenter)).toEqual(both);
});

test('calls vim25 again in the next request: no response is kept between requests', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  const counts = [];
  for (let i = 0; i < 3; i += 1) {
    const { body } = await subgraph.query('{ currentSession { callCount } }', token('demo'));
    counts.push(body);
  }
  expect(counts).toEqual(
    [1, 2, 3].map((callCount) => ({ data: { currentSession: { callCount } } })),
  );
  expect(callsTo(vcenter)).toEqual([...vim25, ...vim25, ...vim25]);
});
