import { badUserInput } from '../errors/bad-user-input.ts';
import type { Budget } from '../resolvers/budget.ts';

/**
 * Counts representations by the name of their type.
 *
 * @param typeNames - the entities of the subgraph.
 * @throws GraphQLError of code `BAD_USER_INPUT` where they are more than an operation may resolve, or one is of no
 * entity.
 */
export function countRepresentations(
  representations: readonly unknown[],
  typeNames: ReadonlySet<string>,
  budget: Budget,
): ReadonlyMap<string, number> {
  budget.countRepresentations(representations.length);
  const counts = new Map<string, number>();
  for (const representation of representations) {
    const { __typename: typeName } = Object(representation) as { readonly __typename?: unknown };
    if (typeof typeName !== 'string' || !typeNames.has(typeName))
      throw badUserInput(
        'A representation must be an object whose __typename is an entity of this subgraph.',
      );
    counts.set(typeName, (counts.get(typeName) ?? 0) + 1);
  }
  return counts;
}
