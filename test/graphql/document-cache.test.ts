/** Apollo Server executes an operation once; from then on it is executed directly, with the same responses. */
import { ApolloServer } from '@apollo/server';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { sessionInfo, userSession } from '../errors/responses.ts';
import fc from '../support/property.ts';
import { queryParts, write } from '../support/random-query.ts';
import {
  type GraphQLHttpResponse,
  post,
  type Subgraph,
  startSubgraph,
  startWithSimulator,
} from '../support/subgraph.ts';
import { http, json, reset, send, startDouble } from '../support/vcenter-double.ts';

const query = '{ currentSession { user loginTime } }';

/** Counts the calls of Apollo Server from here on. */
function watchApollo(): { mock: { calls: unknown[] } } {
  const spy = vi.spyOn(ApolloServer.prototype, 'executeHTTPGraphQLRequest');
  onTestFinished(() => spy.mockRestore());
  return spy;
}

/** A subgraph of a vCenter whose responses depend on the token alone. */
async function startUnmoved(): Promise<Subgraph> {
  const double = await startDouble();
  const error = { error_type: 'SERVICE_UNAVAILABLE', messages: [], data: { of: '1.0' } };
  const fault = { _typeName: 'NoPermission', faultstring: 'No.', privilegeId: 'P' };
  const vapi = { sound: send(json(200, sessionInfo)), failing: send(json(503, error)) };
  const vim25 = { sound: send(json(200, userSession)), failing: send(json(500, fault)) };
  double.respondWith('vapi', 'sound', vapi.sound);
  double.respondWith('vim25', 'sound', vim25.sound);
  double.respondWith('vapi', 'without-vapi', vapi.failing);
  double.respondWith('vim25', 'without-vapi', vim25.sound);
  double.respondWith('vapi', 'without-vim25', vapi.sound);
  double.respondWith('vim25', 'without-vim25', vim25.failing);
  double.respondWith('vapi', 'not-authenticated', send(http(401)));
  double.respondWith('vim25', 'not-authenticated', send(json(200, null)));
  double.respondWith('vapi', 'broken', send(http(502, '<html>', ['content-type: text/html'])));
  double.respondWith('vim25', 'broken', reset);
  return startSubgraph({ VCENTER_URL: double.url });
}

const tokens = ['sound', 'without-vapi', 'without-vim25', 'not-authenticated', 'broken', 'a b', ''];

/** All that a client sees of a response, but the time of day. */
function seen({ status, headers, text }: GraphQLHttpResponse): unknown {
  const ofEachRequest = new Set(['date', 'x-request-id']);
  return { status, headers: [...headers].filter(([name]) => !ofEachRequest.has(name)), text };
}

test('returns the same bytes for any query, whether its document is cached or not', async () => {
  const subgraph = await startUnmoved();
  const apollo = watchApollo();
  let count = 0;
  await fc.assert(
    fc.asyncProperty(
      queryParts,
      fc.constantFrom(...tokens),
      fc.boolean(),
      async (parts, token, yes) => {
        // Each text is new, though the query may not be.
        const text = `${write(parts)}#${count++}`;
        const headers = { 'vmware-api-session-id': token };
        const variables = { yes, no: !yes };
        const before = apollo.mock.calls.length;
        const first = await subgraph.query(text, headers, variables);
        expect(apollo.mock.calls.length).toBe(before + 1);
        const second = await subgraph.query(text, headers, variables);
        expect(apollo.mock.calls.length).toBe(before + 1);
        expect(seen(second)).toEqual(seen(first));
      },
    ),
    { numRuns: 500 },
  );
}, 60_000);

test('uses a cached document for all credentials and all values of its variables', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  vcenter.addSession({ token: 'other', user: 'other' });
  const apollo = watchApollo();
  const text =
    'query Who($id: ID) { currentSession(vcenter: $id) { user } } query Other { a: __typename }';
  const query = (token: string, operationName: string, variables?: unknown) =>
    post(
      `${subgraph.url}/graphql`,
      JSON.stringify({ query: text, operationName, variables, extensions: {} }),
      { 'vmware-api-session-id': token },
    );
  const responses = [
    await query('demo', 'Who', { id: 'default' }),
    await query('other', 'Who', { id: null }),
    await query('demo', 'Who'),
    await query('demo', 'Other', {}),
    await query('demo', 'Who', { id: 'none' }),
  ];
  const who = (user: string) => ({ data: { currentSession: { user: `${user}@vsphere.local` } } });
  expect(responses.map(({ body }) => body)).toEqual([
    who('Administrator'),
    who('other'),
    who('Administrator'),
    { data: { a: 'Query' } },
    {
      data: { currentSession: null },
      errors: [
        {
          message: `A vCenter's id must be one that is configured, received "none".`,
          locations: [{ line: 1, column: 22 }],
          path: ['currentSession'],
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ],
    },
  ]);
  expect(apollo.mock.calls.length).toBe(1);
});

describe('leaves to Apollo Server, though the document is cached,', () => {
  const text = 'query A($id: ID!) { vcenter(id: $id) { id } } query B { __typename }';
  const known = { query: text, operationName: 'A', variables: { id: 'default' } };
  test.each<[what: string, body: unknown, headers?: Record<string, string>]>([
    ['a missing variable', { ...known, variables: {} }],
    ['no variables', { ...known, variables: null }],
    ['a variable of the wrong type', { ...known, variables: { id: {} } }],
    ['variables as text', { ...known, variables: '{}' }],
    ['variables in a list', { ...known, variables: [] }],
    ['an operation that is not there', { ...known, operationName: 'C' }],
    ['one operation of several, unnamed', { ...known, operationName: null }],
    ['a number for the name of the operation', { ...known, operationName: 1 }],
    ['extensions as text', { ...known, extensions: 'x' }],
    ['extensions in a list', { ...known, extensions: [] }],
    ['a persisted query', { ...known, extensions: { persistedQuery: { version: 1 } } }],
    ['a batch', [known]],
    ['no query', { ...known, query: undefined }],
    ['an unknown media type', known, { accept: 'text/csv' }],
    ['a request that accepts no JSON', known, { accept: 'application/json;q=0' }],
  ])('%s', async (_what, body, headers = {}) => {
    const subgraphs = [await startUnmoved(), await startUnmoved()] as const;
    const [warm, cold] = subgraphs.map(({ url }) => `${url}/graphql`) as [string, string];
    await post(warm, JSON.stringify(known));
    const apollo = watchApollo();
    await post(warm, JSON.stringify(known));
    expect(apollo.mock.calls.length).toBe(0);

    const expected = seen(await post(cold, JSON.stringify(body), headers));
    apollo.mock.calls.splice(0);
    for (let i = 1; i <= 2; i++) {
      expect(seen(await post(warm, JSON.stringify(body), headers))).toEqual(expected);
      expect(apollo.mock.calls.length).toBe(i);
    }
  });
});

test.each([
  ['*/*', 'application/json; charset=utf-8'],
  ['application/graphql-response+json', 'application/graphql-response+json; charset=utf-8'],
  ['application/graphql-response+json;q=0.5, application/json', 'application/json; charset=utf-8'],
])('responds to Accept: %s with %s, the first time and later', async (accept, contentType) => {
  const subgraph = await startUnmoved();
  await subgraph.query(query, { accept: 'application/json' });
  const apollo = watchApollo();
  for (let i = 0; i < 3; i++) {
    const { status, headers } = await subgraph.query(query, { accept });
    expect([status, headers.get('content-type')]).toEqual([200, contentType]);
  }
  expect(apollo.mock.calls.length).toBe(1);
});

test('does not cache a document that was refused', async () => {
  const subgraph = await startUnmoved();
  const apollo = watchApollo();
  for (const text of ['{ nothing }', '{', '{ __schema { description } }'])
    for (let i = 0; i < 2; i++) expect((await subgraph.query(text)).status).toBe(400);
  expect(apollo.mock.calls.length).toBe(6);
});

test.each([
  ['drops a document that was not used for long from the cache', '#'.repeat(1000), 600, 1],
  ['caches no document of more than 16 KiB', '#'.repeat(16_369), 0, 1],
  ['caches a document of 16 KiB', '#'.repeat(16_368), 10, 0],
])('%s', async (_what, padding, between, expectedCalls) => {
  const subgraph = await startUnmoved();
  const query = (n: number) => subgraph.query(`{ __typename }${padding}${n}`);
  await query(-1);
  for (let n = 0; n < between; n++) await query(n);
  const apollo = watchApollo();
  expect((await query(-1)).body).toEqual({ data: { __typename: 'Query' } });
  expect(apollo.mock.calls.length).toBe(expectedCalls);
});
