import { z } from 'zod';
import { setting } from './setting.ts';

/** The types and root fields that may be renamed. */
const renamable = [
  'Session',
  'VCenter',
  'DateTime',
  'BigInt',
  'Query.currentSession',
  'Query.vcenter',
  'Query.vcenters',
  'Query.session',
] as const;

const isRenamable = (name: string) => (renamable as readonly string[]).includes(name);

/** Type names that are taken by GraphQL and by federation. */
const takenTypes = [
  ...['Query', 'Mutation', 'Subscription', 'String', 'Int', 'Float', 'Boolean', 'ID'],
  ...['_Any', '_Entity', '_Service'],
];

/** Root fields that are taken by federation. */
const takenFields = ['_entities', '_service'];

/** Names as in `Session=VCenterSession,Query.currentSession=currentVCenterSession`, or undefined where a part has no `=`. */
function splitRenames(text: string): [string, string][] | undefined {
  const parts = text.split(',').map((part) => part.trim().split(/\s*=\s*/));
  const pairs = parts.flatMap(([from, to, ...rest]): [string, string][] =>
    from !== undefined && to !== undefined && rest.length === 0 ? [[from, to]] : [],
  );
  return pairs.length === parts.length ? pairs : undefined;
}

/**
 * Reads new names of types and root fields.
 *
 * @param pairs - old names (`Session`, `Query.currentSession`) with their new names.
 * @returns the new name (`currentVCenterSession`, without `Query.`) of each that is renamed.
 * @throws Error whose message says why the names cannot be used.
 */
export function parseSchemaRename(
  pairs: readonly (readonly [string, string])[],
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [from, to] of pairs) {
    if (!isRenamable(from)) throw new Error(`${quoted(from)} cannot be renamed`);
    if (names.has(from)) throw new Error(`${from} is renamed twice`);
    if (!/^[_A-Za-z]\w{0,255}$/.test(to) || /^__|^(?:federation|link)__/.test(to))
      throw new Error(`${quoted(to)} is not a GraphQL name that is free`);
    names.set(from, to);
  }
  const taken = { type: new Set(takenTypes), field: new Set(takenFields) };
  for (const name of renamable) {
    const kind = name.startsWith('Query.') ? 'field' : 'type';
    const result = names.get(name) ?? name.replace('Query.', '');
    if (taken[kind].has(result)) throw new Error(`there would be two of the name ${result}`);
    taken[kind].add(result);
  }
  return names;
}

/** `SCHEMA_RENAME`, a text, or `schemaRename` of the file, a map. */
export const schemaRename: z.ZodType<ReadonlyMap<string, string> | undefined> = setting(
  `new names for any of ${renamable.join(', ')}, such as Session=VCenterSession`,
  z
    .union([
      z.string().transform(splitRenames),
      z.record(z.string(), z.string()).transform(Object.entries<string>),
    ])
    .transform((pairs, context) => {
      try {
        if (pairs === undefined) throw new Error('each part is a name, = and its new name');
        return parseSchemaRename(pairs);
      } catch (error) {
        const hint = error instanceof Error ? error.message : undefined;
        context.addIssue({ code: 'custom', params: { hint } });
        return z.NEVER;
      }
    })
    .optional(),
);

function quoted(name: string): string {
  return JSON.stringify(name.length > 64 ? `${name.slice(0, 64)}…` : name);
}
