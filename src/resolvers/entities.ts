import { type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import { badUserInput } from '../errors/bad-user-input.ts';

/** Representations in one `_entities` at most. */
const maxRepresentations = 5000;

/**
 * Has `Query._entities` refuse, as bad input, more representations than its bound and representations of
 * types that are no entities here, before any is resolved.
 */
export function guardEntities(schema: GraphQLSchema): void {
  const entities = schema.getQueryType()?.getFields()['_entities'];
  const resolve = entities?.resolve;
  if (!entities || !resolve) throw new Error('a subgraph with keys must have Query._entities');
  const guarded: GraphQLFieldResolver<unknown, unknown> = (source, args, context, info) => {
    const representations: unknown = args['representations'];
    if (Array.isArray(representations)) checkRepresentations(representations, schema);
    return resolve(source, args, context, info);
  };
  entities.resolve = guarded;
}

function checkRepresentations(representations: readonly unknown[], schema: GraphQLSchema): void {
  if (representations.length > maxRepresentations)
    throw badUserInput(
      `At most ${maxRepresentations} representations can be resolved at once, got ${representations.length}.`,
    );
  for (const representation of representations)
    if (!isEntity(representation, schema))
      throw badUserInput(
        'A representation must be an object whose __typename is an entity of this subgraph.',
      );
}

function isEntity(representation: unknown, schema: GraphQLSchema): boolean {
  if (
    typeof representation !== 'object' ||
    representation === null ||
    !('__typename' in representation)
  )
    return false;
  const { __typename } = representation;
  const type = typeof __typename === 'string' ? schema.getType(__typename) : undefined;
  return (
    isObjectType(type) && 'resolveReference' in Object(Object(type.extensions['apollo']).subgraph)
  );
}
