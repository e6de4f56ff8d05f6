/** Charges the budget of an operation for what is known only while it is executed. */
import {
  assertObjectType,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  getNamedType,
} from 'graphql';
import type { Budget } from './budget.ts';
import { weightOnObject } from './selection-weight.ts';

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
  const type = assertObjectType(getNamedType(info.returnType));
  budget.charge(count * weightOnObject(info, type));
  if (vapiError) chargeVapiErrors(budget, info, type, count, vapiError);
}

/**
 * Charges the errors of vAPI's fields on sessions.
 *
 * @param type - the Session's type.
 * @throws `error` where the budget does not hold them: the sessions are null with it then.
 */
export function chargeVapiErrors(
  budget: Budget,
  info: GraphQLResolveInfo,
  type: GraphQLObjectType,
  count: number,
  error: Error,
): void {
  const extra = weightOnObject(info, type, 'vapi') - weightOnObject(info, type);
  if (!budget.tryCharge(count * extra)) throw error;
}
