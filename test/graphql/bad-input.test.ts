import { expect, test } from 'vitest';
import { badInput } from '../support/errors.ts';
import {
  type GraphQLHttpResponse,
  post,
  type Subgraph,
  startWithSimulator,
  token,
} from '../support/subgraph.ts';

const query = '{ currentSession { user } }';
const expected = { data: { currentSession: { user: 'Administrator@vsphere.local' } } };
const demo = token('demo');

type SendRequest = (subgraph: Subgraph) => Promise<GraphQLHttpResponse>;

function postBody(body: string, headers: Record<string, string> = {}): SendRequest {
  return ({ url }) => post(`${url}/graphql`, body, { ...demo, ...headers });
}

function queryWith(text: string, variables?: Record<string, unknown>): SendRequest {
  return (subgraph) => subgraph.query(text, demo, variables);
}

function refused(code: string, message: unknown = expect.any(String)): unknown {
  return { errors: [expect.objectContaining({ message, extensions: { code } })] };
}

function invalid(message: string, column: number): unknown {
  const extensions = { code: 'GRAPHQL_VALIDATION_FAILED' };
  return { errors: [{ message, locations: [{ line: 1, column }], extensions }] };
}

const unknownVCenter = `A vCenter's id must be one that is configured, received`;

test.each<[what: string, sendRequest: SendRequest, status: number, body: unknown]>([
  ['no body', postBody(''), 400, refused('BAD_REQUEST')],
  ['malformed JSON', postBody('{"query":'), 400, refused('BAD_REQUEST')],
  ['JSON that is no object', postBody('17'), 400, refused('BAD_REQUEST')],
  ['JSON null', postBody('null'), 400, refused('BAD_REQUEST')],
  ['an object without a query', postBody('{}'), 400, refused('BAD_REQUEST')],
  ['a query that is no text', postBody('{"query":{}}'), 400, refused('BAD_REQUEST')],
  ['a query in a list', postBody('{"query":["{ __typename }"]}'), 400, refused('BAD_REQUEST')],
  [
    'a long list in the place of the name of the operation',
    postBody(JSON.stringify({ query: '{ __typename }', operationName: Array(257).fill('a') })),
    400,
    refused('BAD_REQUEST', '`operationName` in a POST body must be a string if provided.'),
  ],
  [
    'variables that are no object',
    postBody('{"query":"{ __typename }","variables":"x"}'),
    400,
    refused('BAD_REQUEST'),
  ],
  ['a batch', postBody(`[${JSON.stringify({ query })}]`), 400, refused('BAD_REQUEST')],
  [
    'a poisoned prototype',
    postBody('{"query":"{ __typename }","__proto__":{"x":1}}'),
    400,
    refused('BAD_REQUEST'),
  ],
  [
    'a body of 10 MB',
    postBody(JSON.stringify({ query, x: 'x'.repeat(10_000_000) })),
    413,
    refused('BAD_REQUEST'),
  ],
  [
    'the wrong content type',
    postBody(query, { 'content-type': 'application/graphql' }),
    415,
    refused('BAD_REQUEST', 'Send a JSON body, with content-type: application/json.'),
  ],
  [
    'a form',
    postBody('query=x', { 'content-type': 'application/x-www-form-urlencoded' }),
    415,
    refused('BAD_REQUEST', 'Send a JSON body, with content-type: application/json.'),
  ],
  [
    'plain text',
    postBody(JSON.stringify({ query }), { 'content-type': 'text/plain' }),
    415,
    refused('BAD_REQUEST', 'Send a JSON body, with content-type: application/json.'),
  ],
  [
    'a persisted query',
    postBody('{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}'),
    200,
    refused('PERSISTED_QUERY_NOT_SUPPORTED'),
  ],
  [
    'a query that does not parse',
    queryWith('{ currentSession {'),
    400,
    refused('GRAPHQL_PARSE_FAILED'),
  ],
  ['an empty query', queryWith(''), 400, refused('BAD_REQUEST')],
  [
    'an unknown field, without suggesting one where introspection is off',
    queryWith('{ currentSession { users } }'),
    400,
    invalid('Cannot query field "users" on type "Session".', 20),
  ],
  [
    'an unknown argument',
    queryWith('{ currentSession(id: 1) { user } }'),
    400,
    refused('GRAPHQL_VALIDATION_FAILED'),
  ],
  [
    'a mutation',
    queryWith('mutation { logout }'),
    400,
    invalid('The mutation operation is not supported by the schema.', 1),
  ],
  [
    'a subscription',
    queryWith('subscription { currentSession { user } }'),
    400,
    refused('GRAPHQL_VALIDATION_FAILED'),
  ],
  [
    'a fragment in a circle',
    queryWith('{ currentSession { ...F } } fragment F on Session { ...F }'),
    400,
    refused('GRAPHQL_VALIDATION_FAILED'),
  ],
  [
    'introspection, which comes with GraphiQL alone',
    queryWith('{ __type(name: "Session") { name } }'),
    400,
    invalid('Introspection is off: it comes with GraphiQL, which is off here.', 3),
  ],
  [
    'a missing variable',
    queryWith('query ($id: ID!) { vcenter(id: $id) { id } }'),
    400,
    refused('BAD_USER_INPUT'),
  ],
  [
    'a variable of the wrong type',
    queryWith('query ($id: ID!) { vcenter(id: $id) { id } }', { id: [] }),
    400,
    refused('BAD_USER_INPUT'),
  ],
  ...[
    [
      'vcenter(id: $of) { id }',
      'vcenter',
      'ID = "default"',
      'Argument "id" of non-null type "ID!"',
    ],
    [
      'currentSession @skip(if: $of) { user }',
      undefined,
      'Boolean = true',
      'Argument "if" of non-null type "Boolean!"',
    ],
    [
      'vcenter(id: "default") { id @include(if: $of) }',
      'vcenter',
      'Boolean = true',
      'Argument "if" of non-null type "Boolean!"',
    ],
  ].map(([selection, field, type, argument]): [string, SendRequest, number, unknown] => [
    `null for a variable with a default in ${selection}`,
    queryWith(`query ($of: ${type}) { ${selection} }`, { of: null }),
    200,
    {
      data: field === undefined ? null : { [field]: null },
      errors: [
        {
          message: `${argument} must not be null.`,
          locations: [{ line: 1, column: expect.any(Number) }],
          ...(field !== undefined && { path: [field] }),
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ],
    },
  ]),
  [
    'a document of very many tokens',
    queryWith(`{ ${'a: __typename '.repeat(20_000)} }`),
    400,
    refused('GRAPHQL_PARSE_FAILED'),
  ],
  [
    'an unknown vCenter',
    queryWith('{ currentSession(vcenter: "nope") { user } }'),
    200,
    {
      data: { currentSession: null },
      errors: [badInput(['currentSession'], `${unknownVCenter} "nope".`)],
    },
  ],
  [
    'an unknown vCenter by its id',
    queryWith('{ vcenter(id: "constructor") { id } }'),
    200,
    {
      data: { vcenter: null },
      errors: [badInput(['vcenter'], `${unknownVCenter} "constructor".`)],
    },
  ],
  [
    'an unknown vCenter with a very long id',
    queryWith('query ($id: ID) { currentSession(vcenter: $id) { user } }', {
      id: 'x'.repeat(100_000),
    }),
    200,
    {
      data: { currentSession: null },
      errors: [badInput(['currentSession'], `${unknownVCenter} "${'x'.repeat(64)}…".`)],
    },
  ],
  [
    'a vCenter whose id is empty',
    queryWith('{ currentSession(vcenter: "") { user } }'),
    200,
    {
      data: { currentSession: null },
      errors: [badInput(['currentSession'], `${unknownVCenter} "".`)],
    },
  ],
])(
  'refuses %s, calls no vCenter, and executes the next query',
  async (_what, sendRequest, status, body) => {
    const { vcenter, subgraph } = await startWithSimulator();
    // Apollo Server executes a document the first time, and not later.
    for (let i = 0; i < 2; i++) {
      const response = await sendRequest(subgraph);
      expect([response.status, response.body]).toEqual([status, body]);
    }
    expect(vcenter.calls).toEqual([]);
    expect((await subgraph.query(query, demo)).body).toEqual(expected);
    expect(subgraph.log.filter((line) => line.includes('"level":50'))).toEqual([]);
  },
);

test('reads null as the first configured vCenter', async () => {
  const { subgraph } = await startWithSimulator();
  const { body } = await subgraph.query('{ currentSession(vcenter: null) { user } }', demo);
  expect(body).toEqual(expected);
});
