import {
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isUnionType,
} from 'graphql';

const memo = new WeakMap<GraphQLSchema, ReadonlyMap<string, number>>();

/** The length of the longest list in a schema that each list field of introspection has, by the field's name. */
export function listLengths(schema: GraphQLSchema): ReadonlyMap<string, number> {
  const known = memo.get(schema);
  if (known) return known;
  const types = Object.values(schema.getTypeMap());
  const directives = schema.getDirectives();
  const fields = types.map((type) => (isObjectType(type) ? Object.values(type.getFields()) : []));
  const longest = (lists: readonly { readonly length: number }[]): number =>
    Math.max(0, ...lists.map(({ length }) => length));
  const lengths: ReadonlyMap<string, number> = new Map([
    ['types', types.length],
    ['directives', directives.length],
    ['fields', longest(fields)],
    ['args', longest([...fields.flat(), ...directives].map(({ args }) => args))],
    ['interfaces', longest(types.map((type) => (isObjectType(type) ? type.getInterfaces() : [])))],
    ['possibleTypes', longest(types.map((type) => (isUnionType(type) ? type.getTypes() : [])))],
    ['enumValues', longest(types.map((type) => (isEnumType(type) ? type.getValues() : [])))],
    [
      'inputFields',
      longest(types.map((t) => (isInputObjectType(t) ? Object.keys(t.getFields()) : []))),
    ],
  ]);
  memo.set(schema, lengths);
  return lengths;
}
