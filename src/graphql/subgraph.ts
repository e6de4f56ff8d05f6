import { readdirSync, readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { concatAST, type DocumentNode, type GraphQLSchema, parse, Source } from 'graphql';
import type { Resolvers } from '../generated/resolvers-types.ts';
import { Query } from '../resolvers/Query.ts';
import { Session } from '../resolvers/Session.ts';
import { bigInt, dateTime } from '../resolvers/scalars.ts';
import { VCenter } from '../resolvers/VCenter.ts';
import { chargeRootFields } from './charge-root-fields.ts';
import { noRename, renameResolvers, renameTypeDefs, type SchemaRename } from './type-names.ts';

const resolvers = {
  BigInt: bigInt,
  DateTime: dateTime,
  Query,
  Session,
  VCenter,
} satisfies Resolvers;

const schemaDirectory = new URL('../../schema/', import.meta.url);

/**
 * Reads the SDL of the subgraph: all of `schema/`, in the order of the files' names.
 *
 * @param rename - new names of types and root fields. Default: none.
 */
export function readTypeDefs(rename: SchemaRename = noRename): DocumentNode {
  const files = readdirSync(schemaDirectory)
    .filter((name) => name.endsWith('.graphql'))
    .sort();
  const typeDefs = concatAST(
    files.map((name) => {
      const sdl = readFileSync(new URL(name, schemaDirectory), 'utf8');
      return parse(new Source(sdl, `schema/${name}`));
    }),
  );
  return renameTypeDefs(typeDefs, rename);
}

/** How the subgraph is created. */
export interface SubgraphOptions {
  /** New names of types and root fields, as `parseSchemaRename` returns them. Default: none. */
  readonly rename?: SchemaRename;
}

/** Creates the executable subgraph: `schema/` and `resolvers/`, with what Federation adds, within its budget. */
export function createSubgraph({ rename = noRename }: SubgraphOptions = {}): GraphQLSchema {
  const schema = buildSubgraphSchema([
    { typeDefs: readTypeDefs(rename), resolvers: renameResolvers(resolvers, rename) },
  ]);
  chargeRootFields(schema);
  return schema;
}
