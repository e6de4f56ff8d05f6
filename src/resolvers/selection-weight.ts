import {
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
  type SelectionSetNode,
  TypeNameMetaFieldDef,
} from 'graphql';
import { listLengths } from './introspection-lengths.ts';
import { vapiFields } from './required-apis.ts';

/**
 * Fields as which one counts that may fail by itself, since an error costs as much time to create and to send
 * as many values do. It also bounds the errors in a response.
 */
const failingWeight = 20;

/** Characters of a field's value that count as one field. */
const charactersPerField = 16;

/** Which leaf fields of an object may fail by themselves. */
export type FailingFields = 'none' | 'vapi' | 'all';

/** What a selection is made in. */
export interface SelectionScope {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<
    Record<string, { readonly typeCondition: NamedNode; readonly selectionSet: SelectionSetNode }>
  >;
}

/** What is needed of a field to count it. */
export interface WeighedField {
  readonly name: string;
  readonly type: GraphQLOutputType;
  extensions: Readonly<Record<string, unknown>>;
}

interface NamedNode {
  readonly name: { readonly value: string };
}

type Weights = Map<string, number>;

/** The weights of selection sets. A document that is kept keeps its nodes, so each is counted once. */
const memo = new WeakMap<SelectionSetNode, Weights>();

/**
 * Counts the fields that a selection resolves on one object: fragments expanded, `@skip` and `@include` ignored,
 * each node of a merged field by itself. So the count is never below what execution resolves, but for the elements of
 * lists, which are charged when their number is known.
 *
 * @param type - of the object, so that only its fragments count.
 * @param failing - which leaf fields of the object may fail by themselves. Default: none.
 */
function selectionWeight(
  scope: SelectionScope,
  selectionSet: SelectionSetNode | undefined,
  type: GraphQLObjectType,
  failing: FailingFields = 'none',
): number {
  if (!selectionSet) return 0;
  const key = `${type.name} ${failing}`;
  const weights = memo.get(selectionSet) ?? new Map<string, number>();
  memo.set(selectionSet, weights);
  const known = weights.get(key);
  if (known !== undefined) return known;
  // A fragment that spreads itself is refused by validation; here it must only come to an end.
  weights.set(key, 0);
  let total = 0;
  for (const selection of selectionSet.selections) {
    if (selection.kind === 'Field') {
      const name = selection.name.value;
      const field = name === '__typename' ? TypeNameMetaFieldDef : type.getFields()[name];
      total += field ? fieldWeight(scope, field, selection.selectionSet, failing) : 1;
    } else {
      const fragment =
        selection.kind === 'FragmentSpread' ? scope.fragments[selection.name.value] : selection;
      if (fragment && applies(scope.schema, fragment.typeCondition, type))
        total += selectionWeight(scope, fragment.selectionSet, type, failing);
    }
  }
  weights.set(key, total);
  return total;
}

/**
 * Counts the fields that a field's selection resolves on one object, all nodes of the field together.
 *
 * @param info - of the field.
 * @param type - of the object.
 */
export function weightOnObject(
  info: GraphQLResolveInfo,
  type: GraphQLObjectType,
  failing?: FailingFields,
): number {
  let total = 0;
  for (const { selectionSet } of info.fieldNodes)
    total += selectionWeight(info, selectionSet, type, failing);
  return total;
}

/** Counts a field and what is selected on it; on a list, what is selected counts only where its length is known. */
export function fieldWeight(
  scope: SelectionScope,
  field: WeighedField,
  selectionSet: SelectionSetNode | undefined,
  failing: FailingFields,
): number {
  const type = getNamedType(field.type);
  if (!isObjectType(type)) return leafWeight(field, failing);
  const isIntrospection = type.name.startsWith('__');
  const weight = isNonNullType(field.type) || isIntrospection ? 1 : failingWeight;
  if (isList(field.type)) {
    const length = isIntrospection ? (listLengths(scope.schema).get(field.name) ?? 1) : 0;
    return weight + length * selectionWeight(scope, selectionSet, type);
  }
  const onObject = isNonNullType(field.type) || isIntrospection ? 'none' : 'all';
  return weight + selectionWeight(scope, selectionSet, type, onObject);
}

/** The number of fields that a text counts as where it is the value of a field. */
export function textWeight(text: string): number {
  return Math.ceil(text.length / charactersPerField);
}

/** Declares what a field counts as, where that is more than one. */
export function setWeight(field: WeighedField, weight: number): void {
  field.extensions = { ...field.extensions, weight };
}

function leafWeight(field: WeighedField, failing: FailingFields): number {
  const { weight } = field.extensions;
  if (typeof weight === 'number') return weight;
  const mayFail = failing === 'all' || (failing === 'vapi' && vapiFields.has(field.name));
  return mayFail && !isNonNullType(field.type) ? failingWeight : 1;
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(getNullableType(type));
}

function applies(
  schema: GraphQLSchema,
  condition: NamedNode | undefined,
  type: GraphQLObjectType,
): boolean {
  if (!condition || condition.name.value === type.name) return true;
  const named = schema.getType(condition.name.value);
  return isAbstractType(named) && schema.isSubType(named, type);
}
