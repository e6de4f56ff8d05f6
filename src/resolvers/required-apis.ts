import { collectFields } from '@graphql-tools/utils';
import {
  assertObjectType,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  getNamedType,
} from 'graphql';
import type { Session } from '../generated/resolvers-types.ts';
import type { RequiredApis } from '../loaders/merge-session.ts';

/** The fields of a Session that vAPI returns. */
export const vapiFields: ReadonlySet<string> = new Set<keyof Session>([
  'user',
  'createdTime',
  'lastAccessedTime',
]);
const apiIndependentFields: ReadonlySet<string> = new Set<keyof Session>(['__typename', 'vcenter']);

/** What selections need, by what tells one from another: see {@link selectionIdentity}. */
const memo = new WeakMap<object, RequiredApis>();

/**
 * Tells which APIs the selection on a Session needs, as execution will see it: with fragments, `@skip` and
 * `@include`. Where it needs neither, vim25 is asked, since it answers without touching the session.
 *
 * @param info - of the field that a Session, a list of Sessions or entities are resolved for.
 * @param type - the Session's type, which is not always called so. Default: the field's type, which must be
 * given where that is the union of entities.
 */
export function requiredApis(info: GraphQLResolveInfo, type?: GraphQLObjectType): RequiredApis {
  const selection = selectionIdentity(info);
  const known = memo.get(selection);
  if (known) return known;
  const needed = collectRequiredApis(info, type ?? assertObjectType(getNamedType(info.returnType)));
  memo.set(selection, needed);
  return needed;
}

/**
 * What stands for a selection: the field's node, which is the same in all requests of a document, unless variables
 * may decide or several nodes are merged; else their list, which graphql-js makes once in each request, for all
 * elements of a list and all representations of `_entities`.
 */
function selectionIdentity(info: GraphQLResolveInfo): object {
  const [field, ...merged] = info.fieldNodes;
  const mayVary = merged.length > 0 || info.operation.variableDefinitions?.length;
  return field && !mayVary ? field : info.fieldNodes;
}

function collectRequiredApis(
  { schema, fragments, variableValues, fieldNodes }: GraphQLResolveInfo,
  session: GraphQLObjectType,
): RequiredApis {
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
      const name = field?.name.value ?? '';
      if (vapiFields.has(name)) vapi = true;
      else if (!apiIndependentFields.has(name)) vim25 = true;
    }
  }
  return { vapi, vim25: vim25 || !vapi };
}
