import { expect, test } from 'vitest';
import { startSubgraph, startVCenter, startWithSimulator, token } from '../support/subgraph.ts';

/** Each level selects the session twice, on the vCenter that the session of the level before is on. */
function doubling(levels: number): string {
  const fragments = Array.from(
    { length: levels },
    (_, i) =>
      `fragment F${i} on VCenter { a: currentSession { vcenter { ...F${i + 1} } } b: currentSession { vcenter { ...F${i + 1} } } }`,
  );
  return `{ vcenters { ...F0 } } ${fragments.join(' ')} fragment F${levels} on VCenter { id }`;
}

test('refuses a selection that doubles at each of 40 levels, and calls no vCenter', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  const { status, body } = await subgraph.query(doubling(40), token('demo'));
  expect(status).toBe(200);
  expect(body).toEqual({
    data: null,
    errors: [
      {
        message: expect.stringMatching(
          /^An operation may resolve at most 150000 fields, .*, received at least \d{14}\. /,
        ),
        locations: [{ line: 1, column: 3 }],
        path: ['vcenters'],
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ],
  });
  expect(vcenter.calls).toEqual([]);
});

test('resolves lists in lists up to the budget', async () => {
  const { vcenter, subgraph } = await startWithSimulator({ sessions: 999 });
  const query = '{ vcenters { sessions { vcenter { sessions { id } } } } }';
  const { body } = await subgraph.query(query, token('demo'));
  const { data, errors } = Object(body);
  const inner = data.vcenters[0].sessions.map(({ vcenter }: { vcenter: object }) => vcenter);
  const resolved = inner.filter(({ sessions }: { sessions: unknown }) => sessions !== null);
  expect([inner.length, resolved.length, errors.length]).toEqual([1000, 128, 872]);
  expect(errors[0]).toMatchObject({
    path: ['vcenters', 0, 'sessions', 128, 'vcenter', 'sessions'],
    extensions: { code: 'BAD_USER_INPUT' },
  });
  expect(vcenter.calls.map(({ operation }) => operation)).toEqual(['sessionList']);
});

const tooDeep = 'A document may nest at most 200 levels deep.';
const fragments = Array.from(
  { length: 5000 },
  (_, i) => `fragment F${i} on Query { ...F${i + 1} }`,
);

test.each([
  [
    'selections nest 5,000 levels deep',
    `{ vcenters ${'{ a '.repeat(5000)} ${'}'.repeat(5000)} }`,
    tooDeep,
  ],
  [
    'lists nest 5,000 levels deep',
    `{ vcenter(id: ${'['.repeat(5000)}${']'.repeat(5000)}) { id } }`,
    tooDeep,
  ],
  [
    'arguments nest 5,000 levels deep',
    `{ vcenter${'('.repeat(5000)}${')'.repeat(5000)} { id } }`,
    tooDeep,
  ],
  ['selections nest 201 levels deep', `${'{ a '.repeat(201)}${'}'.repeat(201)}`, tooDeep],
  [
    'fragments are 501',
    `{ ...F0 } ${fragments.slice(0, 501).join(' ')}`,
    'A document may define at most 500 fragments.',
  ],
  [
    'fragments spread 5,000 others in a row',
    `{ ...F0 } ${fragments.join(' ')}`,
    'A document may define at most 500 fragments.',
  ],
])('refuses a document whose %s', async (_, query, message) => {
  const subgraph = await startSubgraph({ VCENTER_URL: (await startVCenter()).url });
  const { status, body } = await subgraph.query(query);
  expect(status).toBe(400);
  expect(body).toEqual({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
  expect(subgraph.log.filter((line) => line.includes('"level":50'))).toEqual([]);
});

test('parses a document that nests 200 levels deep', async () => {
  const { subgraph } = await startWithSimulator();
  const { status, body } = await subgraph.query(`${'{ a '.repeat(200)}${'}'.repeat(200)}`);
  expect([status, body]).toEqual([
    400,
    {
      errors: [
        {
          message: 'Cannot query field "a" on type "Query".',
          locations: [{ line: 1, column: 3 }],
          extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
        },
      ],
    },
  ]);
});

test('executes a document of 500 fragments and more than 200 pairs of each bracket', async () => {
  const { subgraph } = await startWithSimulator();
  const names = Array.from({ length: 500 }, (_, i) => `F${i}`);
  const entities = '_entities(representations: [{ __typename: "VCenter", id: "default" }])';
  const definitions = names.map(
    (name) => `fragment ${name} on Query { ${name}: ${entities} { __typename } }`,
  );
  const { body } = await subgraph.query(
    `{ ${names.map((name) => `...${name}`).join(' ')} } ${definitions.join(' ')}`,
  );
  expect(body).toEqual({
    data: Object.fromEntries(names.map((name) => [name, [{ __typename: 'VCenter' }]])),
  });
});

test('has no-store in responses that Apollo Server gives another header', async () => {
  const subgraph = await startSubgraph({ VCENTER_URL: (await startVCenter()).url });
  const response = await fetch(`${subgraph.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"00"}}}',
  });
  expect(response.headers.get('cache-control')).toBe('no-store');
});

test('counts the representations of all _entities of a request', async () => {
  const { subgraph } = await startWithSimulator();
  const representations = Array.from({ length: 2501 }, () => ({
    __typename: 'VCenter',
    id: 'default',
  }));
  const { status, body } = await subgraph.query(
    'query ($r: [_Any!]!) { a: _entities(representations: $r) { __typename } b: _entities(representations: $r) { __typename } }',
    {},
    { r: representations },
  );
  expect(status).toBe(200);
  expect(body).toMatchObject({
    errors: [
      {
        message: 'At most 5000 representations can be resolved at once, received 5002.',
        path: ['b'],
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ],
  });
});

test('leaves out upstream error details of more than 64 KiB', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  const messages = [{ id: 'm', default_message: 'x'.repeat(100_000), args: [] }];
  vcenter.injectFault({ api: 'vapi', vapiError: { errorType: 'RESOURCE_BUSY', messages } });
  vcenter.injectFault({
    api: 'vim25',
    vim25Fault: { typeName: 'NoPermission', members: { faultstring: 'x'.repeat(100_000) } },
  });
  const { body } = await subgraph.query(
    '{ a: currentSession { user } b: currentSession { key } }',
    token('demo'),
  );
  expect(body).toEqual({
    data: { a: null, b: null },
    errors: [
      {
        message: 'The vCenter is busy.',
        path: ['a'],
        locations: [expect.anything()],
        extensions: {
          code: 'RESOURCE_BUSY',
          vcenter: { id: 'default', api: 'vapi', retryable: true },
        },
      },
      {
        message: 'The session lacks a privilege that the operation requires.',
        path: ['b'],
        locations: [expect.anything()],
        extensions: {
          code: 'FORBIDDEN',
          vcenter: { id: 'default', api: 'vim25', retryable: false },
        },
      },
    ],
  });
});

test('refuses a list of a million elements that are no sessions, and executes the next query', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  vcenter.injectFault({
    operation: 'sessionList',
    times: 1,
    response: { body: `[${'{},'.repeat(1_000_000)}{}]` },
  });
  const query = '{ vcenter(id: "default") { sessions { key } } }';
  expect((await subgraph.query(query, token('demo'))).body).toMatchObject({
    data: { vcenter: { sessions: null } },
    errors: [{ extensions: { code: 'BAD_UPSTREAM_RESPONSE' } }],
  });
  expect((await subgraph.query(query, token('demo'))).body).not.toHaveProperty('errors');
});
