import { collectFields } from '@graphql-tools/utils';
import { assertObjectType, type GraphQLResolveInfo } from 'graphql';
import type { Session } from '../generated/resolvers-types.ts';
import type { NeededApis } from '../loaders/session.ts';

const vapiFields: ReadonlySet<string> = new Set<keyof Session>([
  'user',
  'createdTime',
  'lastAccessedTime',
]);
const fieldsOfNeither: ReadonlySet<string> = new Set<keyof Session>(['__typename', 'vcenter']);

/** What selections need, by what they are the same for: see {@link extentOf}. */
const memo = new WeakMap<object, NeededApis>();

/**
 * Tells which APIs the selection on a Session needs, as execution will see it: with fragments, `@skip` and
 * `@include`. Where it needs neither, vim25 is asked, since it answers without touching the session.
 *
 * @param info - of the field that a Session, a list of Sessions or entities are resolved for.
 */
export function neededApis(info: GraphQLResolveInfo): NeededApis {
  const extent = extentOf(info);
  const known = memo.get(extent);
  if (known) return known;
  const needed = lookInto(info);
  memo.set(extent, needed);
  return needed;
}

/**
 * Where a selection stays the same: in all requests of a document, which is told by the field's node, unless
 * variables may decide or several nodes are merged; else within one request, where one selection serves all
 * representations of `_entities`.
 */
function extentOf(info: GraphQLResolveInfo): object {
  const [field, ...merged] = info.fieldNodes;
  const mayVary = merged.length > 0 || info.operation.variableDefinitions?.length;
  return field && !mayVary ? field : info;
}

function lookInto({
  schema,
  fragments,
  variableValues,
  fieldNodes,
}: GraphQLResolveInfo): NeededApis {
  const session = assertObjectType(schema.getType('Session'));
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
      else if (!fieldsOfNeither.has(name)) vim25 = true;
    }
  }
  return { vapi, vim25: vim25 || !vapi };
}
