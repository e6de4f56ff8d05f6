/** No operation resolves more than its budget, whatever it selects, and honest operations fit. */
import { getIntrospectionQuery } from 'graphql';
import { expect, test } from 'vitest';
import { failure } from '../support/errors.ts';
import {
  type GraphQLHttpResponse,
  post,
  type Subgraph,
  startSubgraph,
  startVCenter,
  startWithSimulator,
  startWithSimulators,
  token,
} from '../support/subgraph.ts';

const demo = token('demo');
const sessionFields =
  'id user createdTime lastAccessedTime key userName fullName loginTime lastActiveTime locale messageLocale extensionSession ipAddress userAgent callCount';

function aliases(count: number, field: string): string {
  return Array.from({ length: count }, (_, i) => `a${i}: ${field}`).join(' ');
}

function entities(selection: string): string {
  return `query ($r: [_Any!]!) { _entities(representations: $r) { ${selection} } }`;
}

function onVCenters(
  subgraph: Subgraph,
  selection: string,
  headers: Record<string, string> = {},
): Promise<GraphQLHttpResponse> {
  const r = Array.from({ length: 5000 }, () => ({ __typename: 'VCenter', id: 'default' }));
  return subgraph.query(entities(`... on VCenter { ${selection} }`), headers, { r });
}

/** The demo session and those of 2,999 others. */
const many = { sessions: 2999 };

function overBudget(needed: number): unknown {
  return expect.objectContaining({
    message: `An operation may resolve at most 150000 fields, counted for each representation and each list element, received at least ${needed}. Select fewer fields or fewer objects.`,
    extensions: { code: 'BAD_USER_INPUT' },
  });
}

async function expectNextQueryWorks(subgraph: Subgraph): Promise<void> {
  const { body } = await subgraph.query('{ currentSession { user } }', demo);
  expect(body).toEqual({ data: { currentSession: { user: 'Administrator@vsphere.local' } } });
}

test.each([
  ['990 aliases of currentSession', aliases(990, 'currentSession { id }'), 103_955_001],
  ['1,990 aliases of id', aliases(1990, 'id'), 9_955_001],
  ['20 aliases of currentSession', aliases(20, 'currentSession { id }'), 2_105_001],
  ['30 aliases of id in an inline fragment', `... { ${aliases(30, 'id')} }`, 155_001],
  ['30 fields in nested fragments', `... { ... on VCenter { ${aliases(30, 'id')} } }`, 155_001],
])('refuses 5,000 representations with %s before it resolves any', async (_, selection, needed) => {
  const { vcenter, subgraph } = await startWithSimulator();
  // Apollo Server executes the first, the document cache may execute the second.
  for (let i = 0; i < 2; i++) {
    const { status, body } = await onVCenters(subgraph, selection, demo);
    expect(status).toBe(200);
    expect(body).toEqual({ data: null, errors: [overBudget(needed)] });
    expect(Object(body).errors[0].path).toEqual(['_entities']);
  }
  expect(vcenter.calls).toEqual([]);
  await expectNextQueryWorks(subgraph);
});

test('refuses 5,000 representations on 40 connections at once, and executes the next query', async () => {
  const { subgraph } = await startWithSimulator();
  const responses = await Promise.all(
    Array.from({ length: 40 }, () => onVCenters(subgraph, aliases(990, 'currentSession { id }'))),
  );
  for (const { text } of responses) expect(text.length).toBeLessThan(400);
  await expectNextQueryWorks(subgraph);
});

test('resolves lists of 3,000 sessions up to the budget, and refuses the others', async () => {
  const { vcenter, subgraph } = await startWithSimulator(many);
  const { status, body, text } = await onVCenters(subgraph, 'sessions { id }', demo);
  expect(status).toBe(200);
  const { data, errors } = Object(body);
  const lists = data._entities.filter((one: { sessions: unknown }) => one.sessions !== null);
  expect(lists.map(({ sessions }: { sessions: unknown[] }) => sessions.length)).toEqual(
    Array(14).fill(3000),
  );
  expect(errors.length).toBe(5000 - 14);
  expect(errors[0]).toEqual(overBudget(150_001));
  expect(text.length).toBeLessThan(16 * 1024 * 1024);
  expect(vcenter.calls.map(({ operation }) => operation)).toEqual(['sessionList']);
  await expectNextQueryWorks(subgraph);
});

test.each([
  ['an operation', `query ${'N'.repeat(257)} { __typename }`],
  ['an alias', `{ ${'a'.repeat(257)}: __typename }`],
  ['a field', `{ ${'f'.repeat(257)} }`],
  ['an argument', `{ vcenter(${'i'.repeat(257)}: "default") { id } }`],
  ['a variable', `query ($${'v'.repeat(257)}: ID!) { vcenter(id: $${'v'.repeat(257)}) { id } }`],
  ['a fragment', `{ ...${'F'.repeat(257)} } fragment ${'F'.repeat(257)} on Query { __typename }`],
])('refuses the name of %s of 257 characters before it parses the document', async (_, query) => {
  const { subgraph } = await startWithSimulator();
  const { status, body } = await subgraph.query(query);
  expect(status).toBe(400);
  expect(body).toEqual({
    errors: [
      {
        message: 'A name in a document may have at most 256 characters, received 257.',
        extensions: { code: 'BAD_REQUEST' },
      },
    ],
  });
});

test('executes names of 256 characters, and longer texts in strings and comments', async () => {
  const { subgraph } = await startWithSimulator();
  const name = 'n'.repeat(256);
  const long = 'x'.repeat(10_000);
  const { body } = await subgraph.query(
    `query ${name} { ${name}: __typename a: session(id: "default:${long}") { id } } # ${long}`,
  );
  expect(body).toMatchObject({ data: { [name]: 'Query' } });
});

test('refuses the name of an operation of 257 characters to look up', async () => {
  const { subgraph } = await startWithSimulator();
  const body = JSON.stringify({ query: '{ __typename }', operationName: 'N'.repeat(257) });
  expect((await post(`${subgraph.url}/graphql`, body)).body).toEqual({
    errors: [
      {
        message: 'The name of an operation may have at most 256 characters, received 257.',
        extensions: { code: 'BAD_REQUEST' },
      },
    ],
  });
});

test.each([
  ['an operation name of 900 KB', `query ${'N'.repeat(900_000)} `],
  ['a name of 256 characters', `query ${'N'.repeat(256)} `],
])('has short errors for 150 undefined variables in %s', async (_, start) => {
  const { subgraph } = await startWithSimulator();
  const fields = Array.from({ length: 150 }, (_, i) => `a${i}: __typename @skip(if: $v${i})`);
  const { status, body, text } = await subgraph.query(`${start} { ${fields.join(' ')} }`);
  expect(status).toBe(400);
  for (const { message } of Object(body).errors) expect(message.length).toBeLessThan(258);
  expect(text.length).toBeLessThan(60_000);
  await expectNextQueryWorks(subgraph);
});

test('repeats at most 256 characters of a variable that it refuses', async () => {
  const { subgraph } = await startWithSimulator();
  const query = 'query ($id: ID!) { vcenter(id: $id) { id } }';
  const { body } = await subgraph.query(query, {}, { id: { ['x'.repeat(1000)]: 1 } });
  expect(Object(body).errors[0].message).toMatch(/^Variable "\$id" got invalid value .{200,}…$/);
  expect(Object(body).errors[0].message.length).toBe(257);
});

test('refuses an alias of 100 KB on 4,500 representations', async () => {
  const { subgraph } = await startWithSimulator();
  const query = `query ($r: [_Any!]!) { ${'a'.repeat(100_000)}: _entities(representations: $r) { __typename } }`;
  const r = Array.from({ length: 4500 }, () => ({ __typename: 'VCenter', id: 'none' }));
  const { status, text } = await subgraph.query(query, {}, { r });
  expect(status).toBe(400);
  expect(text.length).toBeLessThan(400);
  await expectNextQueryWorks(subgraph);
});

test('counts the schema of _service by its size', async () => {
  const { subgraph } = await startWithSimulator();
  const { body, text } = await subgraph.query(`{ ${aliases(990, '_service { sdl }')} }`);
  expect(body).toMatchObject({ data: null, errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  expect(text.length).toBeLessThan(1000);
  await expectNextQueryWorks(subgraph);
});

test('leaves out upstream errors beyond 1 MiB in one response, but not their codes', async () => {
  const { vcenter, subgraph } = await startWithSimulator(many);
  vcenter.injectFault({
    operation: 'currentSession',
    vim25Fault: { typeName: 'NoPermission', members: { faultstring: 'x'.repeat(60_000) } },
  });
  const query = '{ vcenter(id: "default") { sessions { user } } }';
  // Apollo Server executes the first, the document cache the second.
  for (let i = 0; i < 2; i++) {
    const { status, body, text } = await subgraph.query(query, demo);
    expect(status).toBe(200);
    expect(text.length).toBeLessThan(4 * 1024 * 1024);
    const { errors } = Object(body);
    expect(errors.length).toBe(3000);
    for (const { extensions, message } of errors) {
      expect(extensions.code).toBe('FORBIDDEN');
      expect(message.length).toBeGreaterThan(200);
    }
    const whole = errors.filter(({ extensions }: { extensions: { vcenter: object } }) =>
      Object.hasOwn(extensions.vcenter, 'fault'),
    );
    expect(whole.length).toBe(8);
  }
  vcenter.clearFaults();
  await expectNextQueryWorks(subgraph);
});

test('returns upstream errors whole that have exactly 1 MiB together', async () => {
  const { vcenter, subgraph } = await startWithSimulator({ sessions: 19 });
  const failWith = (text: string, privilegeId: string) => {
    vcenter.clearFaults();
    const vim25Fault = { typeName: 'NoPermission', members: { faultstring: text, privilegeId } };
    vcenter.injectFault({ operation: 'currentSession', vim25Fault });
    return subgraph.query('{ vcenter(id: "default") { sessions { user } } }', demo);
  };
  const wholeOf = (body: unknown): { fault: unknown }[] =>
    Object(body)
      .errors.map(({ extensions }: { extensions: { vcenter: object } }) => extensions.vcenter)
      .filter((one: object) => Object.hasOwn(one, 'fault'));
  const [first] = wholeOf((await failWith('x', 'P')).body);
  // The message repeats the text, so that both have an even number of characters.
  const left = 64 * 1024 - JSON.stringify(first?.fault).length + 1;
  const text = 'x'.repeat(Math.floor(left / 2));
  const privilegeId = 'P'.repeat(1 + (left % 2));
  expect(wholeOf((await failWith(text, privilegeId)).body)).toHaveLength(16);
  expect(wholeOf((await failWith(text, `${privilegeId}P`)).body)).toHaveLength(15);
});

test('bounds the errors of an API that fails on 5,000 representations', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  vcenter.injectFault({ api: 'vapi', vapiError: { errorType: 'SERVICE_UNAVAILABLE' } });
  const id = `default:${vcenter.sessionFor('demo')?.key}`;
  const r = Array.from({ length: 5000 }, () => ({ __typename: 'Session', id }));
  const query = entities('... on Session { user createdTime lastAccessedTime key }');
  const { body } = await subgraph.query(query, demo, { r });
  const { data, errors } = Object(body);
  // Beyond the budget the session itself is null with the error of its fields, rather than each of them.
  const resolved = data._entities.filter((one: unknown) => one !== null);
  expect([resolved.length, errors.length]).toEqual([2192, 2192 * 3 + (5000 - 2192)]);
  expect(
    new Set(errors.map((one: { extensions: { code: string } }) => one.extensions.code)),
  ).toEqual(new Set(['SERVICE_UNAVAILABLE']));
});

test("bounds the errors of vAPI's fields on a list where the session of the token is not known", async () => {
  const { vcenter, subgraph } = await startWithSimulator(many);
  vcenter.injectFault({ operation: 'currentSession', reset: true });
  const query = '{ vcenter(id: "default") { sessions { user createdTime lastAccessedTime key } } }';
  const { body } = await subgraph.query(query, demo);
  // Beyond the budget the list itself is null with the error of its elements' fields.
  expect(body).toEqual({
    data: { vcenter: { sessions: null } },
    errors: [failure(['vcenter', 'sessions'], 'SERVICE_UNAVAILABLE', 'vim25')],
  });
});

test('replaces a response of more than 16 MiB by one error, and logs its id', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  vcenter.addSession({ token: 'long', user: 'long', vim25: { userAgent: 'ü'.repeat(30_000) } });
  const query = `{ currentSession { ${aliases(400, 'userAgent')} } }`;
  for (let i = 0; i < 2; i++) {
    const { status, body } = await subgraph.query(query, token('long'));
    expect([status, body]).toEqual([
      200,
      {
        data: null,
        errors: [
          {
            message:
              'A response may have at most 16777216 bytes. Select fewer fields or fewer objects.',
            extensions: { code: 'BAD_USER_INPUT', errorId: expect.any(String) },
          },
        ],
      },
    ]);
    const { errorId } = Object(body).errors[0].extensions;
    const lines = subgraph.log.filter((line) => line.includes(errorId));
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ level: 40, msg: 'a response exceeded its bound' }),
    ]);
  }
  await expectNextQueryWorks(subgraph);
});

test('sends a response of 16 MiB, and replaces one that has a byte more', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  const userAgent = 'ü'.repeat(30_000);
  vcenter.addSession({ token: 'long', user: 'long', vim25: { userAgent } });
  const limit = 16 * 1024 * 1024;
  const whole = await subgraph.query(queryOfUserAgents(limit), token('long'));
  expect([whole.status, Buffer.byteLength(whole.text)]).toEqual([200, limit]);
  expect(whole.body).not.toHaveProperty('errors');
  const { body } = await subgraph.query(queryOfUserAgents(limit + 1), token('long'));
  expect(body).toMatchObject({ data: null, errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });

  function queryOfUserAgents(bytes: number): string {
    const inFields = bytes - '{"data":{"currentSession":{}}}\n'.length;
    const perField = Buffer.byteLength(`"":"${userAgent}",`);
    const count = Math.floor(inFields / (perField + 100));
    const names = inFields + 1 - count * perField;
    const fields = Array.from({ length: count }, (_, i) => {
      const length = Math.floor(names / count) + (i < names % count ? 1 : 0);
      return `${`a${i}`.padEnd(length, '_')}: userAgent`;
    });
    return `{ currentSession { ${fields.join(' ')} } }`;
  }
});

test('replaces a response that is longer than the longest text by one error', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  vcenter.addSession({ token: 'long', user: 'long', vim25: { userAgent: 'x'.repeat(1_000_000) } });
  const query = `{ vcenter(id: "default") { sessions { ${aliases(600, 'userAgent')} } } }`;
  for (let i = 0; i < 2; i++) {
    const { status, body } = await subgraph.query(query, demo);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      data: null,
      errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
  }
  await expectNextQueryWorks(subgraph);
});

test('has no location in errors of a document of more than 16 KiB', async () => {
  const { subgraph } = await startWithSimulator();
  const { body } = await subgraph.query(`{ vcenter(id: "none") { id } } # ${'x'.repeat(16_384)}`);
  expect(Object(body).errors).toEqual([
    {
      message: `A vCenter's id must be one that is configured, received "none".`,
      path: ['vcenter'],
      extensions: { code: 'BAD_USER_INPUT' },
    },
  ]);
});

test('resolves all fields of 5,000 representations', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  const r = Array.from({ length: 5000 }, () => ({
    __typename: 'Session',
    id: `default:${vcenter.sessionFor('demo')?.key}`,
  }));
  const query = entities(
    `... on Session { __typename ${sessionFields} vcenter { __typename id } }`,
  );
  const { body } = await subgraph.query(query, demo, { r });
  expect(body).not.toHaveProperty('errors');
  expect(Object(body).data._entities.length).toBe(5000);
});

test('resolves all fields of 3,000 sessions on each of three vCenters', async () => {
  const vcenters = {
    a: await startVCenter(many),
    b: await startVCenter(many),
    c: await startVCenter(many),
  };
  const subgraph = await startWithSimulators(vcenters);
  const { body } = await subgraph.query(
    `{ vcenters { id sessions { __typename ${sessionFields} } } }`,
    Object.fromEntries(['a', 'b', 'c'].map((id) => [`vmware-api-session-id-${id}`, 'demo'])),
  );
  expect(body).not.toHaveProperty('errors');
  const lists: { sessions: unknown[] }[] = Object(body).data.vcenters;
  expect(lists.map(({ sessions }) => sessions.length)).toEqual([3000, 3000, 3000]);
});

test('executes the introspection query of GraphiQL, and refuses it repeated many times', async () => {
  const { url } = await startVCenter();
  const subgraph = await startSubgraph({ VCENTER_URL: url, GRAPHIQL: 'true' });
  const query = getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true });
  expect((await subgraph.query(query)).body).not.toHaveProperty('errors');
  const repeated = `{ ${aliases(200, '__schema { types { ...T } }')} }`;
  const fragment = 'fragment T on __Type { name fields { name args { name } } }';
  expect((await subgraph.query(`${repeated} ${fragment}`)).body).toEqual({
    errors: [tooMuchIntrospection('\\d{6}')],
  });
});

test('executes introspection of exactly 150,000 fields', async () => {
  const { url } = await startVCenter();
  const subgraph = await startSubgraph({ VCENTER_URL: url, GRAPHIQL: 'true' });
  const list = '__schema { types { fields { name } } }';
  const { body } = await subgraph.query(`{ ${list} }`);
  const { types } = Object(body).data.__schema;
  const fields = types.map((type: { fields: unknown[] | null }) => type.fields?.length ?? 0);
  const perList = 2 + types.length * (1 + Math.max(...fields));
  const lists = Math.floor(150_000 / perList) - 1;
  const left = 150_000 - lists * perList - 1;
  const queryOf = (names: number) =>
    `{ ${aliases(lists, list)} b: __schema { ${aliases(names, '__typename')} } }`;
  expect((await subgraph.query(queryOf(left))).body).not.toHaveProperty('errors');
  expect((await subgraph.query(queryOf(left + 1))).body).toEqual({
    errors: [tooMuchIntrospection('150001')],
  });
});

test('charges the selection on vcenters for each of them before it resolves any', async () => {
  const vcenters = { a: await startVCenter(), b: await startVCenter() };
  const subgraph = await startWithSimulators(vcenters);
  const query = `{ vcenters { ${aliases(4000, 'currentSession { id }')} } }`;
  const { body } = await subgraph.query(query, { 'vmware-api-session-id-a': 'demo' });
  expect(body).toEqual({ data: null, errors: [overBudget(168_001)] });
  expect([vcenters.a.calls, vcenters.b.calls]).toEqual([[], []]);
});

/** @param received - a pattern of the number. */
function tooMuchIntrospection(received: string): unknown {
  const message = `Introspection may resolve at most 150000 fields, received at least ${received}`;
  return {
    message: expect.stringMatching(new RegExp(`^${message}\\.$`)),
    locations: [expect.anything()],
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
  };
}
