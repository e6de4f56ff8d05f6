import { GraphQLError, type ValidationRule } from 'graphql';

/**
 * An operation must be of a type that the schema has, here a query. graphql-js 16 checks it only during
 * execution, with an error without a code; from 17 on it has this rule itself, as KnownOperationTypesRule.
 */
export const knownOperationTypes: ValidationRule = (context) => ({
  OperationDefinition(node) {
    if (context.getSchema().getRootType(node.operation)) return;
    const message = `The ${node.operation} operation is not supported by the schema.`;
    context.reportError(new GraphQLError(message, { nodes: node }));
  },
});
