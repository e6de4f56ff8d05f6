import { readdirSync, readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { concatAST, type DocumentNode, type GraphQLSchema, parse, Source } from 'graphql';
import type { Resolvers } from '../generated/resolvers-types.ts';
import { Query } from '../resolvers/Query.ts';
import { Session } from '../resolvers/Session.ts';
import { bigInt, dateTime } from '../resolvers/scalars.ts';
import { VCenter } from '../resolvers/VCenter.ts';
import { limitCost } from './rules/cost-limit.ts';

const resolvers: Resolvers = { BigInt: bigInt, DateTime: dateTime, Query, Session, VCenter };

const schemaDirectory = new URL('../../schema/', import.meta.url);

/** The SDL of the subgraph: all of `schema/`, in the order of the files' names. */
export function readTypeDefs(): DocumentNode {
  const files = readdirSync(schemaDirectory)
    .filter((name) => name.endsWith('.graphql'))
    .sort();
  return concatAST(
    files.map((name) => {
      const sdl = readFileSync(new URL(name, schemaDirectory), 'utf8');
      return parse(new Source(sdl, `schema/${name}`));
    }),
  );
}

/** Creates the executable subgraph: `schema/` and `resolvers/`, with what Federation adds, within its budget. */
export function createSubgraph(): GraphQLSchema {
  const schema = buildSubgraphSchema([{ typeDefs: readTypeDefs(), resolvers: { ...resolvers } }]);
  limitCost(schema);
  return schema;
}
