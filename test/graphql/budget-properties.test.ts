/** What is charged is never below what execution resolves, whatever is selected and however long lists are. */
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  isObjectType,
  Kind,
  parse,
  TypeNameMetaFieldDef,
  validate,
  visit,
} from 'graphql';
import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { VCenterError } from '../../src/errors/vcenter-error.ts';
import { createSubgraph } from '../../src/graphql/subgraph.ts';
import type { Loaders } from '../../src/loaders/loaders.ts';
import { Turn } from '../../src/loaders/turn.ts';
import { TurnQueue } from '../../src/loaders/turn-queue.ts';
import { Budget } from '../../src/resolvers/budget.ts';
import type { Context } from '../../src/resolvers/context.ts';
import { createVCenterRegistry } from '../../src/vcenter/registry.ts';
import { sessionInfo } from '../../src/vcenter/vapi/schemas.ts';
import { userSession } from '../../src/vcenter/vim25/schemas.ts';
import * as responses from '../errors/responses.ts';
import fc from '../support/property.ts';

type Owner = 'Query' | 'VCenter' | 'Session';

const leaves: Record<Owner, readonly string[]> = {
  Query: ['__typename', '_service { sdl }'],
  VCenter: ['__typename', 'id'],
  Session: ['__typename', 'id', 'user', 'createdTime', 'key', 'callCount'],
};

const branches: Record<Owner, readonly (readonly [field: string, owner: Owner])[]> = {
  Query: [
    ['currentSession', 'Session'],
    ['vcenters', 'VCenter'],
    ['vcenter(id: "default")', 'VCenter'],
    ['session(id: "default:k1")', 'Session'],
  ],
  VCenter: [
    ['currentSession', 'Session'],
    ['sessions', 'Session'],
    ['sessions', 'Session'],
  ],
  Session: [['vcenter', 'VCenter']],
};

const condition = fc.constantFrom('', '', '', ' @include(if: $yes)', ' @skip(if: $yes)');

/** A selection as text, in which `<F>` begins the text of a fragment that becomes a definition. */
function selection(owner: Owner, depth: number): fc.Arbitrary<string> {
  const leaf = fc.constantFrom(...leaves[owner]);
  const branch = fc
    .constantFrom(...branches[owner])
    .chain(([field, of]) => selection(of, depth - 1).map((inner) => `${field} { ${inner} }`));
  const field = depth > 0 ? fc.oneof(leaf, branch) : leaf;
  const aliased = fc
    .tuple(fc.nat(1_000_000), field, condition)
    .map(([alias, text, on]) => `a${alias}: ${text.replace(/(?= \{|$)/, on)}`);
  const parts = fc.array(aliased, { minLength: 1, maxLength: 4 }).map((all) => all.join(' '));
  return fc
    .tuple(parts, fc.constantFrom('plain', 'inline', 'typed', 'spread'), fc.nat(2), condition)
    .map(([text, kind, times, on]) => {
      if (kind === 'plain') return text;
      const fragment =
        kind === 'spread'
          ? `<${owner} ${on}>${text}</>`
          : `...${kind === 'typed' ? ` on ${owner}` : ''}${on} { ${text} }`;
      return Array(times + 1)
        .fill(fragment)
        .join(' ');
    });
}

/** Writes fragments as definitions, the innermost first. */
function write(text: string, variables: string): string {
  const definitions: string[] = [];
  let rest = `query (${variables}) { __typename @include(if: $yes) ${text} }`;
  for (;;) {
    const next = rest.replace(
      /<(\w+) ([^<>]*)>((?:(?!<\w).)*?)<\/>/s,
      (_, owner: string, on: string, inner: string) => {
        definitions.push(`fragment F${definitions.length} on ${owner} { ${inner} }`);
        return `...F${definitions.length - 1}${on}`;
      },
    );
    if (next === rest) return [rest, ...definitions].join('\n');
    rest = next;
  }
}

/** Counts each field that is resolved, but `__typename` of the root, of which a document has few. */
function countResolved(schema: GraphQLSchema): { count: number } {
  const resolved = { count: 0 };
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const resolve = field.resolve ?? ((source, _args, _context, info) => source[info.fieldName]);
      field.resolve = (source, args, context, info) => {
        // A root field charges before it is resolved: one that is refused is not.
        const value: unknown = resolve(source, args, context, info);
        resolved.count++;
        return value;
      };
    }
  }
  const { resolve: typeName } = TypeNameMetaFieldDef;
  onTestFinished(() => {
    if (typeName) TypeNameMetaFieldDef.resolve = typeName;
  });
  TypeNameMetaFieldDef.resolve = (_source, _args, _context, info) => {
    if (info.parentType !== schema.getQueryType()) resolved.count++;
    return info.parentType.name;
  };
  return resolved;
}

function countFields(document: DocumentNode): number {
  let count = 0;
  visit(document, {
    enter({ kind }) {
      if (kind === Kind.FIELD) count++;
    },
  });
  return count;
}

interface Upstream {
  readonly sessions: number;
  readonly hasCurrent: boolean;
  readonly vapi: boolean;
}

function fakeLoaders({ sessions, hasCurrent, vapi }: Upstream): Loaders {
  const failure = (api: 'vapi' | 'vim25') => new VCenterError('default', api, 'FORBIDDEN');
  const session = (key: string) => userSession.parse({ ...responses.userSession, key });
  const list = new Map(Array.from({ length: sessions }, (_, i) => [`k${i}`, session(`k${i}`)]));
  const currentSession = async () => {
    if (!hasCurrent) throw failure('vim25');
    return session('k0');
  };
  return {
    currentSession,
    vapiSession: async () => {
      if (!vapi) throw failure('vapi');
      return sessionInfo.parse(responses.sessionInfo);
    },
    sessionsByKey: async () => list,
    sessionByKey: async (_vcenter, key) => {
      const found = list.get(key);
      return found
        ? { session: found, isCurrent: hasCurrent ? key === 'k0' : failure('vim25') }
        : null;
    },
  };
}

const upstream = fc.record({
  sessions: fc.oneof(fc.nat(5), fc.nat(400)),
  hasCurrent: fc.boolean(),
  vapi: fc.boolean(),
});

const representations = fc.array(
  fc.constantFrom(
    { __typename: 'VCenter', id: 'default' },
    { __typename: 'VCenter', id: 'none' },
    { __typename: 'Session', id: 'default:k0' },
    { __typename: 'Session', id: 'default:k1' },
  ),
  { maxLength: 40 },
);

const operation = fc.oneof(
  selection('Query', 4).map((text) => write(text, '$yes: Boolean!')),
  fc
    .tuple(selection('VCenter', 3), selection('Session', 3), fc.boolean())
    .map(([vcenter, session, twice]) => {
      const entities = `_entities(representations: $r) { ... on VCenter { ${vcenter} } ... on Session { ${session} } }`;
      return write(
        `e: ${entities} ${twice ? `f: ${entities}` : ''}`,
        '$yes: Boolean!, $r: [_Any!]!',
      );
    }),
);

test('never resolves more fields than are charged, whatever is selected', async () => {
  const schema = createSubgraph();
  const resolved = countResolved(schema);
  const turns = new TurnQueue({
    maxTurns: Infinity,
    maxSuspended: 0,
    maxUnparsedBytes: Infinity,
    maxWaitingForTurn: 0,
    maxTurnWaitMs: 0,
  });
  const vcenters = createVCenterRegistry(
    readConfig({ VCENTER_URL: 'http://127.0.0.1:1' }).vcenters,
  );
  onTestFinished(() => vcenters.close());
  let valid = 0;
  await fc.assert(
    fc.asyncProperty(
      operation,
      upstream,
      representations,
      fc.boolean(),
      async (text, upstream, r, yes) => {
        const document = parse(text);
        // Aliases are few: the same may stand for two fields.
        if (validate(schema, document).length > 0) return;
        valid++;
        resolved.count = 0;
        const budget = new Budget();
        const turn = new Turn(turns);
        const contextValue: Context = { vcenters, loaders: fakeLoaders(upstream), budget, turn };
        const result: ExecutionResult = await execute({
          schema,
          document,
          contextValue,
          variableValues: { yes, r },
        });
        expect(resolved.count).toBeLessThanOrEqual(budget.charged);
        expect(budget.charged).toBeLessThanOrEqual(150_000);
        // A field that may fail counts as 20; a root field that is refused counts as none.
        expect(result.errors?.length ?? 0).toBeLessThanOrEqual(
          budget.charged / 20 + countFields(document),
        );
        const unexpected = result.errors?.filter(
          ({ extensions }) => extensions['code'] === undefined,
        );
        expect(unexpected ?? []).toEqual([]);
      },
    ),
    { numRuns: 200 },
  );
  expect(valid).toBeGreaterThan(100);
}, 120_000);
