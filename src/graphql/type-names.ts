import { type DocumentNode, visit } from 'graphql';

/**
 * New names by what they rename: a type's name, or `Query.` and the name of a root field. For example
 * `Session` → `VCenterSession`, `Query.currentSession` → `currentVCenterSession`. They have been checked.
 */
export type SchemaRename = ReadonlyMap<string, string>;

/** No renames: the names of `schema/`. */
export const noRename: SchemaRename = new Map();

/** Applies renames to type definitions: names, references to them, and mentions in descriptions. */
export function renameTypeDefs(typeDefs: DocumentNode, rename: SchemaRename): DocumentNode {
  const renamed = <Node extends { readonly name: { readonly value: string } }>(
    node: Node,
  ): Node => ({
    ...node,
    name: { ...node.name, value: typeName(node.name.value, rename) },
  });
  return visit(typeDefs, {
    NamedType: { enter: renamed },
    ScalarTypeDefinition: { leave: renamed },
    ObjectTypeDefinition: {
      enter: (node) =>
        node.name.value === 'Query'
          ? {
              ...node,
              fields: (node.fields ?? []).map((field) => {
                const value = fieldName(field.name.value, rename);
                return { ...field, name: { ...field.name, value } };
              }),
            }
          : undefined,
      leave: renamed,
    },
    StringValue: { leave: (node) => ({ ...node, value: renameMentions(node.value, rename) }) },
  });
}

/** Applies renames to a map of resolvers: of types, and of the root fields in `Query`. */
export function renameResolvers<Resolver extends object>(
  resolvers: Readonly<Record<string, Resolver>>,
  rename: SchemaRename,
): Record<string, Resolver> {
  return Object.fromEntries(
    Object.entries(resolvers).map(([type, resolver]) =>
      type === 'Query'
        ? [type, renameFields(resolver, rename)]
        : [typeName(type, rename), resolver],
    ),
  );
}

function renameFields<Resolver extends object>(resolver: Resolver, rename: SchemaRename): Resolver {
  const fields = Object.entries(resolver).map(([field, resolve]) => [
    fieldName(field, rename),
    resolve,
  ]);
  return Object.fromEntries(fields) as Resolver;
}

function typeName(name: string, rename: SchemaRename): string {
  return rename.get(name) ?? name;
}

function fieldName(name: string, rename: SchemaRename): string {
  return rename.get(`Query.${name}`) ?? name;
}

/** Renames the types that descriptions mention as code: `Session.id`. No description mentions a root field. */
function renameMentions(text: string, rename: SchemaRename): string {
  return text.replace(/`(\w+)(?=[.`])/g, (_, name: string) => `\`${typeName(name, rename)}`);
}
