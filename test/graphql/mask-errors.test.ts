import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { GraphQLError, parse } from 'graphql';
import { expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { badUserInput } from '../../src/errors/bad-user-input.ts';
import { VCenterError } from '../../src/errors/vcenter-error.ts';
import { DocumentCache } from '../../src/graphql/document-cache.ts';
import { maskErrors } from '../../src/graphql/mask-errors.ts';
import { Turn } from '../../src/loaders/turn.ts';
import { TurnQueue } from '../../src/loaders/turn-queue.ts';
import type { Context } from '../../src/resolvers/context.ts';
import { startSubgraph, token } from '../support/subgraph.ts';

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

interface Logged {
  readonly err: unknown;
  readonly errorId: string;
}

/**
 * What a client gets, and what the log has, where a resolver does this: once from Apollo Server, then from what
 * is known.
 */
async function failWith(
  resolve: () => unknown,
  type = 'String',
): Promise<{ errors: unknown; logged: Logged[] }[]> {
  const logged: Logged[] = [];
  const schema = buildSubgraphSchema([
    {
      typeDefs: parse(
        `type Query { field: ${type} } union U = A | B type A { a: Int } type B { b: Int }`,
      ),
      resolvers: { Query: { field: resolve } },
    },
  ]);
  const formatError = maskErrors({ error: (details) => void logged.push(details) });
  const known = new DocumentCache({ schema, formatError, log: { warn: () => {} } });
  const server = new ApolloServer<Pick<Context, 'turn'>>({
    schema,
    formatError,
    includeStacktraceInErrorResponses: false,
    plugins: [known.plugin, ApolloServerPluginInlineTraceDisabled()],
  });
  const query = type === 'U' ? '{ field { __typename } }' : '{ field }';
  const turn = new Turn(
    new TurnQueue({
      maxTurns: 1,
      maxSuspended: 0,
      maxUnparsedBytes: Infinity,
      maxWaitingForTurn: 0,
      maxTurnWaitMs: 0,
    }),
  );
  const { body } = await server.executeOperation({ query }, { contextValue: { turn } });
  await server.stop();
  if (body.kind !== 'single') throw new Error('not a single response');
  const first = { errors: body.singleResult.errors, logged: logged.splice(0) };
  known.cacheMediaType(undefined, 'application/json');
  const again = await known.execute({ query }, undefined, () => ({ turn }));
  return [first, { errors: JSON.parse(again?.body ?? '').errors, logged }];
}

function throwing(thrown: unknown): () => never {
  return () => {
    throw thrown;
  };
}

test.each<[what: string, resolve: () => unknown, type?: string]>([
  ['an error', throwing(new Error('leak in /srv/leak.ts'))],
  ['a TypeError', () => Object(undefined).leak.leak],
  [
    'an error with a code of its own',
    throwing(Object.assign(new Error('leak'), { code: 'FORBIDDEN' })),
  ],
  [
    'an error with extensions of its own',
    throwing(Object.assign(new Error('leak'), { extensions: { code: 'FORBIDDEN', leak: 1 } })),
  ],
  ['a text', throwing('leak')],
  ['nothing at all', throwing(undefined)],
  ['a GraphQLError without a code', throwing(new GraphQLError('leak'))],
  ['a value that its field cannot have', () => ({ leak: 1 })],
  ['a promise that is rejected', () => Promise.reject(new Error('leak'))],
  // graphql-js throws an error without a code for each of these, of some with the field's node.
  ['null in a field that is not null', () => null, 'String!'],
  ['a value that is no list', () => 'leak', '[String]'],
  ['an object whose type cannot be resolved', () => ({ leak: 1 }), 'U'],
  ['an object of a type that is not in the schema', () => ({ __typename: 'Leak' }), 'U'],
  ['an object of a type that its field cannot have', () => ({ __typename: 'Query' }), 'U'],
])('masks %s, and logs the cause under the id', async (_, resolve, type = 'String') => {
  for (const { errors, logged } of await failWith(resolve, type)) {
    expect(errors).toEqual([
      {
        message: 'Internal server error',
        path: ['field'],
        locations: [{ line: 1, column: 3 }],
        extensions: { code: 'INTERNAL_SERVER_ERROR', errorId: expect.stringMatching(uuid) },
      },
    ]);
    expect(logged).toEqual([
      { err: expect.any(Error), errorId: Object(errors)[0].extensions.errorId },
    ]);
  }
});

test.each([
  ['bad input', badUserInput('An id must be one.'), { code: 'BAD_USER_INPUT' }],
  [
    "a vCenter's failure",
    new VCenterError('a-vcenter', 'vim25', 'FORBIDDEN', { message: 'An id must be one.' }),
    { code: 'FORBIDDEN', vcenter: { id: 'a-vcenter', api: 'vim25', retryable: false } },
  ],
  [
    "a vCenter's INTERNAL_SERVER_ERROR",
    new VCenterError('a-vcenter', 'vapi', 'INTERNAL_SERVER_ERROR', {
      message: 'An id must be one.',
    }),
    { code: 'INTERNAL_SERVER_ERROR', vcenter: { id: 'a-vcenter', api: 'vapi', retryable: false } },
  ],
])('returns %s unmasked', async (_, thrown, extensions) => {
  for (const { errors, logged } of await failWith(throwing(thrown))) {
    expect(errors).toEqual([
      {
        message: 'An id must be one.',
        path: ['field'],
        locations: [{ line: 1, column: 3 }],
        extensions,
      },
    ]);
    expect(logged).toEqual([]);
  }
});

test('returns validation errors of a query unmasked', async () => {
  const { query } = await startSubgraph({ VCENTER_URL: 'http://127.0.0.1:1' });
  expect((await query('{ nothing }')).body).toEqual({
    errors: [
      {
        message: 'Cannot query field "nothing" on type "Query".',
        locations: [{ line: 1, column: 3 }],
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
      },
    ],
  });
});

test('returns messages of up to 256 characters whole', async () => {
  const { query } = await startSubgraph({ VCENTER_URL: 'http://127.0.0.1:1' });
  const messageOf = async (text: string, variables = {}): Promise<string> =>
    Object((await query(text, {}, variables)).body).errors[0].message;
  const whole = (name: string) => `Cannot query field "${name}" on type "Query".`;
  const [fits, exceeds] = ['f'.repeat(218), 'f'.repeat(219)] as const;
  expect(await messageOf(`{ ${fits} }`)).toBe(whole(fits));
  expect(await messageOf(`{ ${exceeds} }`)).toBe(`${whole(exceeds).slice(0, 256)}…`);
  // One of them has the two halves of a character on either side of the bound.
  for (const key of ['', 'x'].map((start) => start + '😀'.repeat(200))) {
    const message = await messageOf('query ($id: ID!) { vcenter(id: $id) { id } }', {
      id: { [key]: 1 },
    });
    expect([message.length, message.isWellFormed()]).toEqual([257, true]);
  }
});

test('masks a bug of the subgraph over HTTP, and logs its cause without a token', async () => {
  const { vcenters } = readConfig({ VCENTER_URL: 'http://127.0.0.1:1' });
  // A lone surrogate cannot be put into a URL; no setting can be one.
  const subgraph = await startSubgraph(
    { VCENTER_URL: 'http://127.0.0.1:1' },
    { vcenters: vcenters.map((one) => ({ ...one, sessionManager: '\ud800' })) },
  );
  // Apollo Server executes a query the first time, and not later.
  for (const logged of [1, 2]) {
    const { status, body } = await subgraph.query('{ currentSession { key } }', token('a-token'));
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        data: { currentSession: null },
        errors: [
          {
            message: 'Internal server error',
            path: ['currentSession'],
            locations: [{ line: 1, column: 3 }],
            extensions: { code: 'INTERNAL_SERVER_ERROR', errorId: expect.stringMatching(uuid) },
          },
        ],
      },
    });
    const lines = subgraph.log.filter((one) => one.includes('errorId'));
    expect(lines.length).toBe(logged);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      level: 50,
      msg: 'masked an internal error',
      errorId: Object(body).errors[0].extensions.errorId,
      err: {
        type: 'URIError',
        message: 'URI malformed',
        stack: expect.stringContaining('session-manager.ts'),
      },
    });
  }
  expect(subgraph.log.join('')).not.toContain('a-token');
});
