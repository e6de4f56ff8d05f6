import { z } from 'zod';
import type { SchemaRename } from '../graphql/type-names.ts';
import { type IssueDetails, shown } from './config-error.ts';

/** The types that a supergraph may have under other names. */
const renamableTypes = ['Session', 'VCenter', 'DateTime', 'BigInt'] as const;

/** The root fields that a supergraph may have under other names. */
const renamableFields = ['currentSession', 'vcenter', 'vcenters', 'session'] as const;

const fieldKeys = renamableFields.map((field) => `Query.${field}`);
const keys: readonly string[] = [...renamableTypes, ...fieldKeys];

/** Types that are there under these names whatever is renamed: GraphQL's, and those that Federation adds. */
const fixedTypes = ['Query', 'Mutation', 'Subscription', 'ID', 'String', 'Int', 'Float', 'Boolean'];
const federationTypes = ['_Any', '_Entity', '_Service', '_FieldSet'];
const federationFields = ['_entities', '_service'];

/** As long as a name in a document may be. */
const maxNameLength = 256;
const graphqlName = new RegExp(`^(?!__)[_A-Za-z][_0-9A-Za-z]{0,${maxNameLength - 1}}$`);

/** Names with these prefixes are those of imported Federation definitions. */
const federationPrefix = /^(?:federation|link)__/;

/** Renames that cannot be used. Its message is `expected …, received …`. */
class SchemaRenameError extends TypeError {
  readonly expected: string;
  /** For the message: short, and without secrets. */
  readonly received: string;

  constructor(expected: string, received: unknown, detail = '') {
    const text = `${shown(received)}${detail}`;
    super(`expected ${expected}, received ${text}`);
    this.expected = expected;
    this.received = text;
  }
}

/**
 * Parses and checks renames.
 *
 * @param value - the text of `SCHEMA_RENAME`, `Session=VCenterSession,Query.currentSession=currentVCenterSession`,
 * or the map `schemaRename` of the configuration file. Unchecked.
 * @throws SchemaRenameError where they cannot be used.
 */
export function parseSchemaRename(value: unknown): SchemaRename {
  const rename = new Map<string, string>();
  for (const [key, name] of readEntries(value)) {
    if (!keys.includes(key)) throw new SchemaRenameError(`one of ${keys.join(', ')}`, key);
    if (rename.has(key))
      throw new SchemaRenameError(`one new name for ${key}`, name, ' as a second');
    if (typeof name !== 'string' || !graphqlName.test(name) || federationPrefix.test(name))
      throw new SchemaRenameError(
        `a GraphQL name for ${key} that does not start with __, federation__ or link__`,
        name,
      );
    rename.set(key, name);
  }
  checkClashes(renamableTypes, [...fixedTypes, ...federationTypes], rename);
  checkClashes(fieldKeys, federationFields, rename);
  return rename;
}

/** `SCHEMA_RENAME`, a text, or `schemaRename` of the file, a map. Undefined where it is not set. */
export const schemaRename: z.ZodType<SchemaRename | undefined> = z
  .unknown()
  .transform((value, context) => {
    try {
      return value === undefined ? undefined : parseSchemaRename(value);
    } catch (error) {
      if (!(error instanceof SchemaRenameError)) throw error;
      const params: IssueDetails = { received: error.received };
      context.addIssue({ code: 'custom', message: error.expected, params: { ...params } });
      return z.NEVER;
    }
  });

function readEntries(value: unknown): [string, unknown][] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.entries(value);
  if (typeof value !== 'string') throw new SchemaRenameError('a map of names', value);
  return value.split(',').map((entry) => {
    const parts = entry.split('=').map((part) => part.trim());
    if (parts.length !== 2)
      throw new SchemaRenameError(
        'pairs such as Session=VCenterSession, separated by commas',
        entry.trim(),
      );
    return parts as [key: string, name: string];
  });
}

/** Two things of one kind must not have one name. */
function checkClashes(
  renamable: readonly string[],
  fixed: readonly string[],
  rename: SchemaRename,
): void {
  const owners = new Map(fixed.map((name) => [name, name]));
  const inOrder = [...renamable].sort((a, b) => Number(rename.has(a)) - Number(rename.has(b)));
  for (const key of inOrder) {
    const name = rename.get(key) ?? key.replace('Query.', '');
    const owner = owners.get(name);
    if (owner !== undefined)
      throw new SchemaRenameError(
        `a name for ${key} that nothing else here has`,
        name,
        `, the name of ${owner}`,
      );
    owners.set(name, key);
  }
}
