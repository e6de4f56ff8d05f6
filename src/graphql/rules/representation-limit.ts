import { assertUnionType, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import { badUserInput } from '../../errors/bad-user-input.ts';

/** Representations in one request at most, however often it selects `_entities`. */
const maxRepresentations = 5000;

/**
 * Has `Query._entities` refuse, as bad input, more representations than its bound and representations of
 * types that are no entities here, before any is resolved.
 */
export function limitRepresentations(schema: GraphQLSchema): void {
  const entities = schema.getQueryType()?.getFields()['_entities'];
  const resolve = entities?.resolve;
  if (!entities || !resolve) throw new Error('a subgraph with keys must have Query._entities');
  const { _Entity } = schema.getTypeMap();
  const typeNames = new Set(
    assertUnionType(_Entity)
      .getTypes()
      .map(({ name }) => name),
  );
  const totals = new WeakMap<object, number>();
  const guarded: GraphQLFieldResolver<unknown, object> = (source, args, context, info) => {
    const representations: unknown = args['representations'];
    if (Array.isArray(representations)) {
      const total = (totals.get(context) ?? 0) + representations.length;
      totals.set(context, total);
      checkRepresentations(representations, total, typeNames);
    }
    return resolve(source, args, context, info);
  };
  entities.resolve = guarded;
}

function checkRepresentations(
  representations: readonly unknown[],
  total: number,
  typeNames: ReadonlySet<string>,
): void {
  if (total > maxRepresentations)
    throw badUserInput(
      `At most ${maxRepresentations} representations can be resolved at once, got ${total}.`,
    );
  for (const representation of representations)
    if (!isEntity(representation, typeNames))
      throw badUserInput(
        'A representation must be an object whose __typename is an entity of this subgraph.',
      );
}

function isEntity(representation: unknown, typeNames: ReadonlySet<string>): boolean {
  return (
    typeof representation === 'object' &&
    representation !== null &&
    '__typename' in representation &&
    typeof representation.__typename === 'string' &&
    typeNames.has(representation.__typename)
  );
}
