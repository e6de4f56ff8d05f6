/** Charges the budget of an operation for what is known only while it is executed. */
import { assertObjectType, type GraphQLObjectType, type GraphQLResolveInfo } from 'graphql';
import type { Budget } from './budget.ts';
import { type FailingFields, selectionWeight } from './selection-weight.ts';

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

/**
 * Charges the elements of a list of sessions.
 *
 * @param info - of the list's field.
 * @param vapiError - the error of vAPI's fields on each element, where there is one.
 * @throws GraphQLError of code `BAD_USER_INPUT` where the budget does not hold them, `vapiError` where it does not
 * hold the errors of their fields.
 */
export function chargeSessions(
  budget: Budget,
  info: GraphQLResolveInfo,
  count: number,
  vapiError: Error | undefined,
): void {
  budget.charge(count * weightOnObject(info, sessionType(info)));
  if (vapiError) chargeVapiErrors(budget, info, count, vapiError);
}

/**
 * Charges the errors of vAPI's fields on sessions.
 *
 * @throws `error` where the budget does not hold them: the sessions are null with it then.
 */
export function chargeVapiErrors(
  budget: Budget,
  info: GraphQLResolveInfo,
  count: number,
  error: Error,
): void {
  const session = sessionType(info);
  const extra = weightOnObject(info, session, 'vapi') - weightOnObject(info, session);
  if (!budget.tryCharge(count * extra)) throw error;
}

function sessionType({ schema }: GraphQLResolveInfo): GraphQLObjectType {
  return assertObjectType(schema.getType('Session'));
}
