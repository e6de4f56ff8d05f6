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
const answered = { data: { currentSession: { user: 'Administrator@vsphere.local' } } };
const demo = token('demo');

type Asking = (subgraph: Subgraph) => Promise<GraphQLHttpResponse>;

function posting(body: string, headers: Record<string, string> = {}): Asking {
  return ({ url }) => post(`${url}/graphql`, body, { ...demo, ...headers });
}

function asking(text: string, variables?: Record<string, unknown>): Asking {
  return (subgraph) => subgraph.query(text, demo, variables);
}

function refused(code: string, message: unknown = expect.any(String)): unknown {
  return { errors: [expect.objectContaining({ message, extensions: { code } })] };
}

const unknownVCenter = `A vCenter's id must be one that is configured, got`;

test.each<[what: string, asks: Asking, status: number, body: unknown]>([
  ['no body', posting(''), 400, refused('BAD_REQUEST')],
  ['malformed JSON', posting('{"query":'), 400, refused('BAD_REQUEST')],
  ['JSON that is no object', posting('17'), 400, refused('BAD_REQUEST')],
  ['JSON null', posting('null'), 400, refused('BAD_REQUEST')],
  ['an object without a query', posting('{}'), 400, refused('BAD_REQUEST')],
  ['a query that is no text', posting('{"query":{}}'), 400, refused('BAD_REQUEST')],
  [
    'variables that are no object',
    posting('{"query":"{ __typename }","variables":"x"}'),
    400,
    refused('BAD_REQUEST'),
  ],
  ['a batch', posting(`[${JSON.stringify({ query })}]`), 400, refused('BAD_REQUEST')],
  [
    'a poisoned prototype',
    posting('{"query":"{ __typename }","__proto__":{"x":1}}'),
    400,
    refused('BAD_REQUEST'),
  ],
  [
    'a body of 10 MB',
    posting(JSON.stringify({ query, x: 'x'.repeat(10_000_000) })),
    413,
    refused('BAD_REQUEST'),
  ],
  [
    'the wrong content type',
    posting(query, { 'content-type': 'application/graphql' }),
    415,
    refused('BAD_REQUEST'),
  ],
  [
    'a form',
    posting('query=x', { 'content-type': 'application/x-www-form-urlencoded' }),
    415,
    refused('BAD_REQUEST'),
  ],
  [
    'plain text',
    posting(JSON.stringify({ query }), { 'content-type': 'text/plain' }),
    415,
    refused('BAD_REQUEST'),
  ],
  [
    'a persisted query',
    posting('{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}'),
    200,
    refused('PERSISTED_QUERY_NOT_SUPPORTED'),
  ],
  [
    'a query that does not parse',
    asking('{ currentSession {'),
    400,
    refused('GRAPHQL_PARSE_FAILED'),
  ],
  ['an empty query', asking(''), 400, refused('BAD_REQUEST')],
  [
    'an unknown field',
    asking('{ currentSession { users } }'),
    400,
    refused('GRAPHQL_VALIDATION_FAILED'),
  ],
  [
    'an unknown argument',
    asking('{ currentSession(id: 1) { user } }'),
    400,
    refused('GRAPHQL_VALIDATION_FAILED'),
  ],
  [
    'a mutation',
    asking('mutation { logout }'),
    400,
    refused('GRAPHQL_VALIDATION_FAILED', 'The mutation operation is not supported by the schema.'),
  ],
  [
    'a subscription',
    asking('subscription { currentSession { user } }'),
    400,
    refused('GRAPHQL_VALIDATION_FAILED'),
  ],
  [
    'a fragment in a circle',
    asking('{ currentSession { ...F } } fragment F on Session { ...F }'),
    400,
    refused('GRAPHQL_VALIDATION_FAILED'),
  ],
  [
    'introspection, which comes with GraphiQL alone',
    asking('{ __type(name: "Session") { name } }'),
    400,
    refused(
      'GRAPHQL_VALIDATION_FAILED',
      'Introspection is off: it comes with GraphiQL, which is off here.',
    ),
  ],
  [
    'a missing variable',
    asking('query ($id: ID!) { vcenter(id: $id) { id } }'),
    400,
    refused('BAD_USER_INPUT'),
  ],
  [
    'a variable of the wrong type',
    asking('query ($id: ID!) { vcenter(id: $id) { id } }', { id: [] }),
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
  ].map(([selection, field, type, argument]): [string, Asking, number, unknown] => [
    `null for a variable with a default in ${selection}`,
    asking(`query ($of: ${type}) { ${selection} }`, { of: null }),
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
    asking(`{ ${'a: __typename '.repeat(20_000)} }`),
    400,
    refused('GRAPHQL_PARSE_FAILED'),
  ],
  [
    'an unknown vCenter',
    asking('{ currentSession(vcenter: "nope") { user } }'),
    200,
    {
      data: { currentSession: null },
      errors: [badInput(['currentSession'], `${unknownVCenter} "nope".`)],
    },
  ],
  [
    'an unknown vCenter by its id',
    asking('{ vcenter(id: "constructor") { id } }'),
    200,
    {
      data: { vcenter: null },
      errors: [badInput(['vcenter'], `${unknownVCenter} "constructor".`)],
    },
  ],
  [
    'an unknown vCenter with a very long id',
    asking('query ($id: ID) { currentSession(vcenter: $id) { user } }', {
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
    asking('{ currentSession(vcenter: "") { user } }'),
    200,
    {
      data: { currentSession: null },
      errors: [badInput(['currentSession'], `${unknownVCenter} "".`)],
    },
  ],
])('refuses %s, asks nothing, and answers the next query', async (_what, asks, status, body) => {
  const { vcenter, subgraph } = await startWithSimulator();
  // Apollo Server answers what it is asked for the first time, and not later.
  for (let i = 0; i < 2; i++) {
    const answer = await asks(subgraph);
    expect([answer.status, answer.body]).toEqual([status, body]);
  }
  expect(vcenter.calls).toEqual([]);
  expect((await subgraph.query(query, demo)).body).toEqual(answered);
  expect(subgraph.log.filter((line) => line.includes('"level":50'))).toEqual([]);
});

test('takes null for the first configured vCenter', async () => {
  const { subgraph } = await startWithSimulator();
  const { body } = await subgraph.query('{ currentSession(vcenter: null) { user } }', demo);
  expect(body).toEqual(answered);
});
