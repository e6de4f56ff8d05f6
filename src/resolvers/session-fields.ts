import type { Session } from '../generated/resolvers-types.ts';
import type { SessionInfo } from '../vcenter/vapi/schemas.ts';
import type { VCenter } from '../vcenter/vcenter.ts';
import type { UserSession } from '../vcenter/vim25/schemas.ts';
import { formatSessionId } from './session-id.ts';

/** Where a field of a Session is read from. */
export type FieldSource<Value> =
  | { readonly api: 'vapi'; readonly read: (session: SessionInfo) => Value }
  | { readonly api: 'vim25'; readonly read: (session: UserSession, vcenter: VCenter) => Value }
  /** No API is called for it. */
  | { readonly api: 'none' };

/**
 * The API of each field of a Session. It drives the resolvers and the look-ahead; a field that is in the schema
 * and not here does not compile.
 */
export const sessionFields: {
  readonly [Field in Exclude<keyof Session, '__typename'>]-?: FieldSource<Session[Field]>;
} = {
  id: vim25(({ key }, { id: vcenter }) => formatSessionId({ vcenter, key })),
  vcenter: { api: 'none' },

  user: vapi(({ user }) => user),
  createdTime: vapi(({ created_time }) => created_time),
  lastAccessedTime: vapi(({ last_accessed_time }) => last_accessed_time),

  key: vim25(({ key }) => key),
  userName: vim25(({ userName }) => userName),
  fullName: vim25(({ fullName }) => fullName),
  loginTime: vim25(({ loginTime }) => loginTime),
  lastActiveTime: vim25(({ lastActiveTime }) => lastActiveTime),
  locale: vim25(({ locale }) => locale),
  messageLocale: vim25(({ messageLocale }) => messageLocale),
  extensionSession: vim25(({ extensionSession }) => extensionSession),
  ipAddress: vim25(({ ipAddress }) => ipAddress),
  userAgent: vim25(({ userAgent }) => userAgent),
  callCount: vim25(({ callCount }) => callCount),
};

function vapi<Value>(read: (session: SessionInfo) => Value): FieldSource<Value> {
  return { api: 'vapi', read };
}

function vim25<Value>(read: (session: UserSession, vcenter: VCenter) => Value): FieldSource<Value> {
  return { api: 'vim25', read };
}
