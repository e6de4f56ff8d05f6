import { badUserInput } from '../errors/bad-user-input.ts';
import { sessionKey } from '../vcenter/vim25/schemas.ts';

/** The id of a Session, taken apart. */
export interface SessionId {
  readonly vcenter: string;
  readonly key: string;
}

const sessionId = /^([a-z0-9-]{1,32}):(.*)$/s;

/** Puts together the id of a Session: unique in the whole supergraph. */
export function formatSessionId({ vcenter, key }: SessionId): string {
  return `${vcenter}:${key}`;
}

/**
 * Parses the id of a Session.
 *
 * @throws GraphQLError of code `BAD_USER_INPUT` where it is malformed.
 */
export function parseSessionId(id: unknown): SessionId {
  const [, vcenter, rest] = (typeof id === 'string' && sessionId.exec(id)) || [];
  const key = sessionKey.safeParse(rest).data;
  if (vcenter === undefined || key === undefined)
    throw badUserInput("A session's id must be <vCenter id>:<session key>.");
  return { vcenter, key };
}
