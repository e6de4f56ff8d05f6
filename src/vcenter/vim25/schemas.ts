/** What vim25 declares to return. Upstream data is used only after these schemas have checked it. */
import { z } from 'zod';
import { dateTime } from '../transport/date-time.ts';
import { int64Digits } from '../transport/json.ts';

/** `callCount` is an int64, which a double may not hold. */
const int64 = z.unknown().transform((value, context): bigint => {
  const digits = int64Digits(value);
  if (digits !== undefined) {
    const whole = BigInt(digits);
    if (BigInt.asIntN(64, whole) === whole) return whole;
  }
  context.addIssue({ code: 'custom', message: 'expected a whole number of 64 bits' });
  return z.NEVER;
});

/** vim25's name of a session: it goes into ids, and comes back in them. */
export const sessionKey = z.string().regex(/^\P{Cc}{1,256}$/u);

/** vim25's `UserSession`, the value of `SessionManager.currentSession`. */
export const userSession = z.object({
  _typeName: z.literal('UserSession').optional(),
  key: sessionKey,
  userName: z.string(),
  fullName: z.string(),
  loginTime: dateTime,
  lastActiveTime: dateTime,
  locale: z.string(),
  messageLocale: z.string(),
  extensionSession: z.boolean(),
  ipAddress: z.string(),
  userAgent: z.string(),
  callCount: int64,
});

/** vim25's `UserSession`. Times are as upstream wrote them, in the format of RFC 3339. */
export type UserSession = z.infer<typeof userSession>;

/** The value of `SessionManager.sessionList`. Its first element that is no UserSession ends the check. */
export const userSessionList = z.array(z.unknown()).transform((elements, context) => {
  const sessions: UserSession[] = [];
  for (const element of elements) {
    const session = userSession.safeParse(element);
    if (session.success) sessions.push(session.data);
    else {
      for (const { path, message } of session.error.issues)
        context.addIssue({ code: 'custom', path: [sessions.length, ...path], message });
      return z.NEVER;
    }
  }
  return sessions;
});

/** The properties that clients get of what caused a vim25 fault: the fault's own, as far as they are there. */
const vim25FaultCause = z.object({
  _typeName: z.string().optional().catch(undefined),
  faultMessage: z.unknown().optional(),
  faultCause: z.unknown().optional(),
  faultstring: z.unknown().optional(),
  missingPrivileges: z.unknown().optional(),
  privilegeId: z.unknown().optional(),
});

/** The properties of a vim25 fault that clients get. */
export const vim25Fault = vim25FaultCause
  .extend({ _typeName: z.string().min(1) })
  .transform(withCausesOnly);

/**
 * Leaves of each cause, and its cause, only a fault's own properties. It is a loop since a shape that refers
 * to itself overflows the stack on causes that nest deep.
 */
function withCausesOnly<Fault extends { faultCause?: unknown }>(fault: Fault): Fault {
  let outer: { faultCause?: unknown } | undefined = fault;
  while (outer?.faultCause !== undefined) {
    const cause: z.infer<typeof vim25FaultCause> | undefined = vim25FaultCause.safeParse(
      outer.faultCause,
    ).data;
    if (cause) outer.faultCause = cause;
    else delete outer.faultCause;
    outer = cause;
  }
  return fault;
}

/** A vim25 fault, as far as clients get it. */
export type Vim25FaultShape = z.infer<typeof vim25Fault>;

/** The message of the first of a fault's `faultMessage`. */
export const faultMessages = z.tuple([z.object({ message: z.string() })], z.unknown());
