import { globSync, readFileSync } from 'node:fs';
import { parse, print, validate } from 'graphql';
import { describe, expect, it, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { ConfigError } from '../../src/config/config-error.ts';
import { parseSchemaRename, schemaRename } from '../../src/config/schema-rename.ts';
import { createExampleQueries } from '../../src/graphiql/page/example-queries.ts';
import { createSubgraph, readTypeDefs } from '../../src/graphql/subgraph.ts';
import { temporaryFile } from '../support/files.ts';
import fc from '../support/property.ts';
import { startSubgraph, startVCenter, startWithSimulator, token } from '../support/subgraph.ts';

const all = {
  Session: 'VCenterSession',
  VCenter: 'Cluster',
  DateTime: 'Instant',
  BigInt: 'Long',
  'Query.currentSession': 'currentVCenterSession',
  'Query.vcenter': 'cluster',
  'Query.vcenters': 'clusters',
  'Query.session': 'vcenterSession',
};
const SCHEMA_RENAME = Object.entries(all)
  .map(([key, name]) => `${key}=${name}`)
  .join(',');

describe('parseSchemaRename', () => {
  it('reads every type and root field, from text and from a map', () => {
    expect(
      Object.fromEntries(parseSchemaRename(` ${SCHEMA_RENAME.replaceAll(',', ' , ')}`)),
    ).toEqual(all);
    expect(Object.fromEntries(parseSchemaRename(all))).toEqual(all);
  });

  it.each(['S'.repeat(256), '_', 'my_federation__Session', 'a__link__'])('reads %s', (name) => {
    expect(parseSchemaRename(`Session=${name}`)).toEqual(new Map([['Session', name]]));
  });

  it('throws an error that is not about a name as it is', () => {
    const error = new TypeError('a bug');
    const value = Object.defineProperty({}, 'Session', {
      enumerable: true,
      get() {
        throw error;
      },
    });
    expect(() => schemaRename.parse(value)).toThrow(error);
  });

  it('swaps two names', () => {
    const rename = parseSchemaRename('Session=VCenter,VCenter=Session');
    const fields = Object.keys(Object(createSubgraph({ rename }).getType('Session')).getFields());
    expect(fields).toEqual(['id', 'currentSession', 'sessions']);
  });

  it.each<[unknown, string]>([
    ['', 'expected pairs such as Session=VCenterSession, separated by commas, received ""'],
    [
      'Session',
      'expected pairs such as Session=VCenterSession, separated by commas, received "Session"',
    ],
    [
      'Session=A=B',
      'expected pairs such as Session=VCenterSession, separated by commas, received "Session=A=B"',
    ],
    [
      'Session=A, ',
      'expected pairs such as Session=VCenterSession, separated by commas, received ""',
    ],
    [
      'session=A',
      'expected one of Session, VCenter, DateTime, BigInt, Query.currentSession, Query.vcenter, Query.vcenters, Query.session, received "session"',
    ],
    ['Session=A,Session=B', 'expected one new name for Session, received "B" as a second'],
    [
      'Session=',
      'expected a GraphQL name for Session that does not start with __, federation__ or link__, received ""',
    ],
    [
      'Session=V-Session',
      'expected a GraphQL name for Session that does not start with __, federation__ or link__, received "V-Session"',
    ],
    [
      'Session=__Session',
      'expected a GraphQL name for Session that does not start with __, federation__ or link__, received "__Session"',
    ],
    [
      'Session=link__Import',
      'expected a GraphQL name for Session that does not start with __, federation__ or link__, received "link__Import"',
    ],
    [
      { Session: null },
      'expected a GraphQL name for Session that does not start with __, federation__ or link__, received null',
    ],
    [
      { Session: undefined },
      'expected a GraphQL name for Session that does not start with __, federation__ or link__, received nothing',
    ],
    [['Session=A'], 'expected a map of names, received a list'],
    [7, 'expected a map of names, received 7'],
    [null, 'expected a map of names, received null'],
    [
      'Session=VCenter',
      'expected a name for Session that nothing else here has, received "VCenter", the name of VCenter',
    ],
    [
      'Session=A,VCenter=A',
      'expected a name for VCenter that nothing else here has, received "A", the name of Session',
    ],
    ...[
      ...['Query', 'Mutation', 'Subscription', 'ID', 'String', 'Int', 'Float', 'Boolean'],
      ...['_Any', '_Entity', '_Service', '_FieldSet'],
    ].map((name): [string, string] => [
      `Session=${name}`,
      `expected a name for Session that nothing else here has, received "${name}", the name of ${name}`,
    ]),
    ...['_entities', '_service'].map((name): [string, string] => [
      `Query.session=${name}`,
      `expected a name for Query.session that nothing else here has, received "${name}", the name of ${name}`,
    ]),
    [
      `Session=${'S'.repeat(257)}`,
      `expected a GraphQL name for Session that does not start with __, federation__ or link__, received "${'S'.repeat(99)}…`,
    ],
    [
      'Query.session=vcenter',
      'expected a name for Query.session that nothing else here has, received "vcenter", the name of Query.vcenter',
    ],
  ])('rejects %j', (value, message) => {
    const error = expect.objectContaining({ name: 'TypeError', message });
    expect(() => parseSchemaRename(value)).toThrow(error);
  });

  test('every accepted rename results in a subgraph of those names', () => {
    const name = fc.oneof(
      fc.stringMatching(/^[_A-Za-z][_0-9A-Za-z]{0,9}$/),
      fc.constantFrom(
        'Query',
        '_Any',
        'ID',
        'Session',
        'vcenters',
        '_service',
        '__x',
        ...Object.keys(all),
      ),
      fc.string({ maxLength: 5 }),
    );
    const renames = fc.dictionary(fc.constantFrom(...Object.keys(all)), name, {
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(renames, (value) => {
        let rename: ReadonlyMap<string, string>;
        try {
          rename = parseSchemaRename(value);
        } catch {
          return;
        }
        const schema = createSubgraph({ rename });
        for (const [key, renamed] of rename)
          expect(
            key.startsWith('Query.')
              ? schema.getQueryType()?.getFields()[renamed]
              : schema.getType(renamed),
          ).toBeDefined();
      }),
      { numRuns: 300 },
    );
  });
});

describe('SCHEMA_RENAME', () => {
  const environment = { SCHEMA_RENAME };

  it('renames what is printed, everywhere and nothing else', () => {
    const files = globSync('schema/*.graphql').sort();
    const written = print(parse(files.map((file) => readFileSync(file, 'utf8')).join('\n')));
    const sdl = print(readTypeDefs(parseSchemaRename(all)));
    const back = Object.fromEntries(Object.entries(all).map(([key, name]) => [name, key]));
    expect(
      sdl.replace(
        /\b(VCenterSession|Cluster|Instant|Long|currentVCenterSession|clusters?|vcenterSession)\b/g,
        (name) => (back[name] ?? '').replace('Query.', ''),
      ),
    ).toBe(written);
    expect(print(readTypeDefs())).toBe(written);
    expect(sdl).not.toMatch(/`(?:Session|VCenter|DateTime|BigInt|Query)[.`]/);
  });

  it('is followed by __typename, entities and _service', async () => {
    const { subgraph, vcenter } = await startWithSimulator({}, environment);
    vcenter.addSession({ token: 'one', key: 'one', user: 'one' });
    const { body } = await subgraph.query(
      `query ($ref: [_Any!]!) {
        currentVCenterSession { __typename user vcenter { __typename } }
        cluster(id: "default") { __typename id }
        clusters { currentSession { key } }
        vcenterSession(id: "default:one") { __typename key }
        _entities(representations: $ref) {
          __typename
          ... on VCenterSession { user key }
          ... on Cluster { id }
        }
      }`,
      token('one'),
      {
        ref: [
          { __typename: 'VCenterSession', id: 'default:one' },
          { __typename: 'Cluster', id: 'default' },
        ],
      },
    );
    expect(body).toEqual({
      data: {
        currentVCenterSession: {
          __typename: 'VCenterSession',
          user: expect.stringMatching(/^one@/),
          vcenter: { __typename: 'Cluster' },
        },
        cluster: { __typename: 'Cluster', id: 'default' },
        clusters: [{ currentSession: { key: 'one' } }],
        vcenterSession: { __typename: 'VCenterSession', key: 'one' },
        _entities: [
          { __typename: 'VCenterSession', user: expect.stringMatching(/^one@/), key: 'one' },
          { __typename: 'Cluster', id: 'default' },
        ],
      },
    });
    const service = await subgraph.query('{ _service { sdl } }');
    const { sdl } = Object(service.body).data._service;
    expect(sdl).toMatch(/type VCenterSession\s+@key\(fields: "id"\)/);
    expect(sdl).not.toMatch(/type (?:Session|VCenter)\b/);
  });

  it('still calls only the API that a selected field needs', async () => {
    const { subgraph, vcenter } = await startWithSimulator({}, environment);
    vcenter.addSession({ token: 'one', key: 'one', user: 'one' });
    vcenter.clearCalls();
    await subgraph.query('{ currentVCenterSession { user } }', token('one'));
    expect(vcenter.calls.map(({ api }) => api)).toEqual(['vapi']);
  });

  it('keeps errors unchanged, and refuses the old names', async () => {
    const vcenter = await startVCenter();
    const renamed = await startSubgraph({ VCENTER_URL: vcenter.url, ...environment });
    const subgraph = await startSubgraph({ VCENTER_URL: vcenter.url });
    for (const [theirs, ours, headers] of [
      ['{ s: currentVCenterSession { user } }', '{ s: currentSession { user } }', {}],
      ['{ s: currentVCenterSession { key } }', '{ s: currentSession { key } }', token('unknown')],
      ['{ s: cluster(id: "x") { id } }', '{ s: vcenter(id: "x") { id } }', {}],
      ['{ s: vcenterSession(id: "x") { id } }', '{ s: session(id: "x") { id } }', {}],
    ] as const) {
      const [one, other] = [
        await renamed.query(theirs, headers),
        await subgraph.query(ours, headers),
      ];
      const withoutLocations = (body: unknown) =>
        JSON.parse(JSON.stringify(body, (key, value) => (key === 'locations' ? undefined : value)));
      expect(Object(one.body).errors).toHaveLength(1);
      expect(withoutLocations(one.body)).toEqual(withoutLocations(other.body));
    }
    const reference =
      '{ _entities(representations: [{ __typename: "Session", id: "default:x" }]) { __typename } }';
    const { body } = await renamed.query(reference);
    expect(Object(body).errors[0].extensions.code).toBe('BAD_USER_INPUT');
  });

  it('is followed by the example queries of GraphiQL', () => {
    const schema = createSubgraph({ rename: parseSchemaRename(all) });
    const queries = createExampleQueries(all);
    for (const { query } of queries) expect(validate(schema, parse(query))).toEqual([]);
    for (const { query } of createExampleQueries({}))
      expect(validate(createSubgraph(), parse(query))).toEqual([]);
  });

  it('comes from the environment, else from the file', () => {
    const file = temporaryFile(
      'vcenters.yaml',
      'schemaRename:\n  Session: VSession\nvcenters:\n  - { id: a, url: "https://a.example.com" }\n',
    );
    const read = (environment: Record<string, string>) =>
      Object.fromEntries(readConfig({ CONFIG_FILE: file, ...environment }).schemaRename);
    expect(read({})).toEqual({ Session: 'VSession' });
    expect(read({ SCHEMA_RENAME: 'BigInt=Long' })).toEqual({ BigInt: 'Long' });
  });

  it('names the setting in the error, of the environment and of the file', () => {
    expect(() => readConfig({ SCHEMA_RENAME: 'Session=VCenter' })).toThrow(
      /^SCHEMA_RENAME: expected a name for Session that nothing else here has.*"VCenter"/,
    );
    const file = temporaryFile(
      'vcenters.yaml',
      'schemaRename:\n  Session: V-Session\nvcenters:\n  - { id: a, url: "https://a.example.com" }\n',
    );
    expect(() => readConfig({ CONFIG_FILE: file })).toThrow(ConfigError);
    expect(() => readConfig({ CONFIG_FILE: file })).toThrow(
      /^vcenters\.yaml:\d: schemaRename: expected a GraphQL name.*"V-Session"/,
    );
  });
});
