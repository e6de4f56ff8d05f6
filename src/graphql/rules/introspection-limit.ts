import {
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { maxFields } from '../../resolvers/budget.ts';
import { fieldWeight, type SelectionScope } from '../../resolvers/selection-weight.ts';

/**
 * What introspection resolves must be within the budget of an operation. It depends on the document alone, and its
 * fields have no resolver that could charge it.
 */
export const introspectionLimit: ValidationRule = (context) => {
  let scope: SelectionScope | undefined;
  let total = 0;
  return {
    Field(node) {
      const field = [SchemaMetaFieldDef, TypeMetaFieldDef].find(
        ({ name }) => name === node.name.value,
      );
      if (!field || total > maxFields) return;
      scope ??= readScope(context);
      total += fieldWeight(scope, field, node.selectionSet, 'none');
      if (total <= maxFields) return;
      const message = `Introspection may resolve at most ${maxFields} fields, received at least ${total}.`;
      context.reportError(new GraphQLError(message, { nodes: node }));
    },
  };
};

function readScope(context: ValidationContext): SelectionScope {
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const definition of context.getDocument().definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  return { schema: context.getSchema(), fragments };
}
