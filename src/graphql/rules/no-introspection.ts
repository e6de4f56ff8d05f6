import { GraphQLError, type ValidationRule } from 'graphql';

/** An operation must not select the schema. graphql-js's own rule reports each of the schema's fields. */
export const noIntrospection: ValidationRule = (context) => ({
  Field(node) {
    if (node.name.value !== '__schema' && node.name.value !== '__type') return;
    const message = 'Introspection is off: it comes with GraphiQL, which is off here.';
    context.reportError(new GraphQLError(message, { nodes: node }));
  },
});
