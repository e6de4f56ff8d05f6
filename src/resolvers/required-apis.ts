import { collectFields } from '@graphql-tools/utils';
import {
  assertObjectType,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  getNamedType,
} from 'graphql';
import type { RequiredApis } from '../loaders/merge-session.ts';
import { sessionFields } from './session-fields.ts';

/** A map, since an object has members that are no fields. `__typename` is not in it: no API is called for it. */
const apiByField = new Map(Object.entries(sessionFields).map(([name, { api }]) => [name, api]));

/** The fields of a Session that vAPI returns. */
export const vapiFields: ReadonlySet<string> = new Set(
  [...apiByField].flatMap(([name, api]) => (api === 'vapi' ? [name] : [])),
);

/**
 * What selections need, by their list of nodes, which graphql-js creates once in each request, for all elements
 * of a list and all representations of `_entities`.
 */
const memo = new WeakMap<readonly FieldNode[], RequiredApis>();

/**
 * The same as {@link collectRequiredApis}, for fields that may be resolved many times in an operation.
 */
export function requiredApis(info: GraphQLResolveInfo, type?: GraphQLObjectType): RequiredApis {
  const known = memo.get(info.fieldNodes);
  if (known) return known;
  const required = collectRequiredApis(info, type);
  memo.set(info.fieldNodes, required);
  return required;
}

/**
 * Collects the APIs that the selection on a Session needs, as execution will see it: with fragments, `@skip` and
 * `@include`. Where it needs neither, vim25 is called, since it returns the session without touching it.
 *
 * @param info - of the field that a Session, a list of Sessions or entities are resolved for.
 * @param type - the Session's type, which is not always called so. Default: the field's type; it must be
 * given where that is the union of entities.
 */
export function collectRequiredApis(
  { schema, fragments, variableValues, fieldNodes, returnType }: GraphQLResolveInfo,
  type?: GraphQLObjectType,
): RequiredApis {
  const session = type ?? assertObjectType(getNamedType(returnType));
  const variables = { coerced: variableValues, sources: {} };
  let vapi = false;
  let vim25 = false;
  for (const { selectionSet } of fieldNodes) {
    if (!selectionSet) continue;
    for (const [field] of collectFields(
      schema,
      fragments,
      variables,
      session,
      selectionSet,
    ).fields.values()) {
      const api = field && apiByField.get(field.name.value);
      if (api === 'vapi') vapi = true;
      else if (api === 'vim25') vim25 = true;
    }
  }
  return { vapi, vim25: vim25 || !vapi };
}
