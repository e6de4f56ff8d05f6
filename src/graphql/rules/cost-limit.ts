import type { SelectionSetNode, ValidationContext, ValidationRule } from 'graphql';
import { GraphQLError } from 'graphql';

/**
 * Fields that one operation may select, fragments expanded wherever they are spread. A session's vCenter has a
 * session again, so a small document could otherwise ask for more than any memory holds.
 */
const maxFields = 2000;

/** The same, where what is selected on a list counts as often as its weight. */
const maxWeight = 10_000;

/** Fields that answer with long lists: sessions in sessions are too many, of entities they are not. */
const listWeights: ReadonlyMap<string, number> = new Map([
  ['sessions', 100],
  ['_entities', 5],
]);

/** An operation must not select more fields than its bounds. */
export const costLimit: ValidationRule = (context) => {
  const fieldsOf = counter(context, new Map());
  const weightOf = counter(context, listWeights);
  return {
    OperationDefinition(node) {
      const fields = fieldsOf(node.selectionSet);
      const weight = weightOf(node.selectionSet);
      const message =
        fields > maxFields
          ? `An operation may select at most ${maxFields} fields, fragments expanded, got ${fields}.`
          : weight > maxWeight
            ? `An operation may weigh at most ${maxWeight}, where what is selected on sessions counts 100 times and on _entities 5 times, got ${weight}.`
            : undefined;
      if (message !== undefined) context.reportError(new GraphQLError(message, { nodes: node }));
    },
  };
};

/** Makes what counts the fields of a selection, each fragment but once. */
function counter(
  context: ValidationContext,
  weights: ReadonlyMap<string, number>,
): (selectionSet: SelectionSetNode | undefined) => number {
  const fragments = new Map<string, number>();
  const count = (selectionSet: SelectionSetNode | undefined): number => {
    let total = 0;
    for (const selection of selectionSet?.selections ?? []) {
      if (selection.kind === 'FragmentSpread') total += countFragment(selection.name.value);
      else if (selection.kind === 'InlineFragment') total += count(selection.selectionSet);
      else total += 1 + count(selection.selectionSet) * (weights.get(selection.name.value) ?? 1);
    }
    return total;
  };
  const countFragment = (name: string): number => {
    const known = fragments.get(name);
    if (known !== undefined) return known;
    // A fragment that spreads itself is refused by a rule of its own; here it must only come to an end.
    fragments.set(name, 0);
    const total = count(context.getFragment(name)?.selectionSet);
    fragments.set(name, total);
    return total;
  };
  return count;
}
