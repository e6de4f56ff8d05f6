/** Random queries for sessions, and a model, independent of any GraphQL library, of what they need. */
import fc from 'fast-check';

/** The conditions of one selection: each directive, its `if` as it is written. */
interface Conditions {
  readonly include?: Value | undefined;
  readonly skip?: Value | undefined;
}

type Value = 'true' | 'false' | '$yes' | '$no';

/** A field, an inline fragment or a named fragment, which is written `times` times. */
type Part = { readonly on: Conditions } & (
  | {
      readonly kind: 'field';
      readonly name: string;
      readonly alias: string | undefined;
      readonly argument: string;
      readonly parts: readonly Part[];
    }
  | {
      readonly kind: 'inline' | 'spread';
      readonly times: number;
      readonly typed: boolean;
      readonly parts: readonly Part[];
    }
);

/** The selection of a query. */
export type QueryParts = readonly Part[];

type Owner = 'Query' | 'VCenter' | 'Session';

const vapiFields = ['user', 'createdTime', 'lastAccessedTime'];
const vim25Fields = [
  ...[
    'id',
    'key',
    'userName',
    'fullName',
    'loginTime',
    'lastActiveTime',
    'locale',
    'messageLocale',
  ],
  ...['extensionSession', 'ipAddress', 'userAgent', 'callCount'],
];

/** What the fields with a selection of their own are of. */
const ownerOf: Readonly<Record<string, Owner>> = {
  currentSession: 'Session',
  vcenter: 'VCenter',
  vcenters: 'VCenter',
};

const value = fc.constantFrom<Value>('true', 'false', '$yes', '$no');
const conditions: fc.Arbitrary<Conditions> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.record({ include: value }) },
  { weight: 1, arbitrary: fc.record({ skip: value }) },
  { weight: 1, arbitrary: fc.record({ include: value, skip: value }) },
);

/** Aliases are made of the field's name, so that two of one name are always of one field and merge. */
const alias = fc.constantFrom(undefined, 'a', 'b');

function partsOf(owner: Owner, depth: number): fc.Arbitrary<readonly Part[]> {
  const leaves = {
    Query: ['__typename'],
    VCenter: ['__typename', 'id'],
    Session: ['__typename', ...vapiFields, ...vapiFields, ...vim25Fields],
  }[owner];
  const branches = {
    Query: ['currentSession', 'vcenter', 'vcenters'],
    VCenter: ['currentSession'],
    Session: ['vcenter'],
  }[owner];
  const field = (name: string, argument: string, parts: fc.Arbitrary<readonly Part[]>) =>
    fc
      .record({ on: conditions, alias, parts })
      .map((rest): Part => ({ kind: 'field', name, argument, ...rest }));
  const leaf = fc.constantFrom(...leaves).chain((name) => field(name, '', fc.constant([])));
  if (depth === 0) return fc.array(leaf, { minLength: 1, maxLength: 4 });
  const branch = fc
    .constantFrom(...branches)
    .chain((name) =>
      field(
        name,
        owner === 'Query' && name === 'vcenter' ? '(id: "default")' : '',
        partsOf(ownerOf[name] ?? owner, depth - 1),
      ),
    );
  const fragment = fc
    .record({
      kind: fc.constantFrom('inline' as const, 'spread' as const),
      on: conditions,
      times: fc.constantFrom(1, 1, 2),
      typed: fc.boolean(),
      parts: fc.array(leaf, { minLength: 1, maxLength: 3 }),
    })
    .map((part): Part => part);
  const nested = fragment.chain((inner) =>
    fragment.map((outer): Part => ({ ...outer, parts: [...outer.parts, inner] })),
  );
  const weights = owner === 'Query' ? { leaf: 1, branch: 6 } : { leaf: 5, branch: 1 };
  return fc.array(
    fc.oneof(
      { weight: weights.leaf, arbitrary: leaf },
      { weight: weights.branch, arbitrary: branch },
      { weight: 1, arbitrary: fragment },
      { weight: 1, arbitrary: nested },
    ),
    { minLength: 1, maxLength: 4 },
  );
}

/** A random query, at most four selections deep. */
export const queryParts: fc.Arbitrary<QueryParts> = partsOf('Query', 3);

/** The query as text. Its variables are `$yes` and `$no`, both in use. */
export function write(parts: QueryParts): string {
  const fragments: string[] = [];
  const selection = writeSelection(parts, 'Query', fragments);
  const used = '__typename @include(if: $yes) @skip(if: $no)';
  return `query ($yes: Boolean!, $no: Boolean!) { ${used} ${selection} }\n${fragments.join('\n')}`;
}

/** The query with the values `true` and `false` in the place of `$yes` and `$no`. */
export function withoutVariables(query: string): string {
  return query
    .replace(/^query \(.*?\)/, 'query')
    .replaceAll('$yes', 'true')
    .replaceAll('$no', 'false');
}

function writeSelection(parts: readonly Part[], owner: Owner, fragments: string[]): string {
  return parts.map((part) => writePart(part, owner, fragments)).join(' ');
}

function writePart(part: Part, owner: Owner, fragments: string[]): string {
  const directives = Object.entries(part.on)
    .map(([name, condition]) => ` @${name}(if: ${condition})`)
    .join('');
  if (part.kind === 'field') {
    const inner = writeSelection(part.parts, ownerOf[part.name] ?? owner, fragments);
    const text = part.alias === undefined ? part.name : `${responseName(part)}: ${part.name}`;
    return `${text}${part.argument}${directives}${inner && ` { ${inner} }`}`;
  }
  const inner = `{ ${writeSelection(part.parts, owner, fragments)} }`;
  let text = `...${part.typed ? ` on ${owner}` : ''}${directives} ${inner}`;
  if (part.kind === 'spread') {
    const name = `F${fragments.length}`;
    fragments.push(`fragment ${name} on ${owner} ${inner}`);
    text = `...${name}${directives}`;
  }
  return Array(part.times).fill(text).join(' ');
}

function responseName({ name, alias: of }: { name: string; alias: string | undefined }): string {
  return of === undefined ? name : `${of}_${name.replaceAll('_', '')}`;
}

/** The calls that the contract's table has for the query. */
export function predictedCalls(parts: QueryParts): string[] {
  const calls = new Set<string>();
  addCalls(parts, 'Query', calls);
  return [...calls].sort();
}

function addCalls(parts: readonly Part[], owner: Owner, calls: Set<string>): void {
  const fields = merged(parts);
  if (owner === 'Session') {
    const names = [...fields.values()].map(({ name }) => name);
    const needsVapi = names.some((name) => vapiFields.includes(name));
    if (needsVapi) calls.add('vapi getSession');
    if (!needsVapi || names.some((name) => vim25Fields.includes(name)))
      calls.add('vim25 currentSession');
  }
  for (const { name, parts: inner } of fields.values()) {
    const innerOwner = ownerOf[name];
    if (innerOwner) addCalls(inner, innerOwner, calls);
  }
}

/** The fields that remain, by their response names. */
function merged(parts: readonly Part[]): Map<string, { name: string; parts: Part[] }> {
  const fields = new Map<string, { name: string; parts: Part[] }>();
  const add = (part: Part): void => {
    if (isLeftOut(part.on)) return;
    if (part.kind !== 'field') {
      part.parts.forEach(add);
      return;
    }
    const known = fields.get(responseName(part)) ?? { name: part.name, parts: [] };
    known.parts.push(...part.parts);
    fields.set(responseName(part), known);
  };
  parts.forEach(add);
  return fields;
}

function isLeftOut({ include, skip }: Conditions): boolean {
  return include === 'false' || include === '$no' || skip === 'true' || skip === '$yes';
}
