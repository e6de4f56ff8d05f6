/** How the results of the two APIs become one Session, or an error: the rules of "null, or an error". */
import { asError } from '../errors/as-error.ts';
import { isNotAuthenticated } from '../errors/vcenter-error.ts';
import type { SessionInfo } from '../vcenter/vapi/schemas.ts';
import type { VCenter } from '../vcenter/vcenter.ts';
import type { UserSession } from '../vcenter/vim25/schemas.ts';
import type { Loaders } from './loaders.ts';
import type { FoundSession } from './session-by-key.ts';

/** Which APIs the selected fields need. */
export interface RequiredApis {
  readonly vapi: boolean;
  readonly vim25: boolean;
}

/** The outcome of the read of an API. */
export type ReadResult<Value> =
  | { readonly status: 'loaded'; readonly value: Value }
  | { readonly status: 'failed'; readonly error: Error }
  /** No selected field needs the API. */
  | { readonly status: 'notRequested' }
  /** The session is not the request's own, and the API returns that alone. */
  | { readonly status: 'otherUser' };

/** What a Session's fields are read from. */
export interface SessionSource {
  readonly vcenter: VCenter;
  readonly vapi: ReadResult<SessionInfo>;
  readonly vim25: ReadResult<UserSession>;
}

const notRequested = { status: 'notRequested' } as const;
const otherUser = { status: 'otherUser' } as const;

/**
 * The session of the request's credentials. The required APIs are called in parallel.
 *
 * @throws where no API returned the session: a failure if there was one, else "not authenticated", with vAPI's
 * error where vAPI was called.
 */
export async function loadCurrentSession(
  loaders: Loaders,
  vcenter: VCenter,
  required: RequiredApis,
): Promise<SessionSource> {
  const [vapi, vim25] = await Promise.all([
    required.vapi ? toResult(loaders.vapiSession(vcenter)) : notRequested,
    required.vim25 ? toResult(loaders.currentSession(vcenter)) : notRequested,
  ]);
  if (vapi.status === 'loaded' || vim25.status === 'loaded') return { vcenter, vapi, vim25 };
  const errors = [vapi, vim25].flatMap((result) =>
    result.status === 'failed' ? [result.error] : [],
  );
  throw errors.find((error) => !isNotAuthenticated(error)) ?? errors[0];
}

/**
 * A session by its key, the request's own or another user's; null where no session has the key.
 *
 * @throws where vim25 returned neither.
 */
export async function loadSession(
  loaders: Loaders,
  vcenter: VCenter,
  key: string,
  required: RequiredApis,
): Promise<SessionSource | null> {
  const [vapi, found] = await Promise.all([
    required.vapi ? toResult(loaders.vapiSession(vcenter)) : notRequested,
    loaders.sessionByKey(vcenter, key),
  ]);
  if (!found) return null;
  return {
    vcenter,
    vim25: { status: 'loaded', value: found.session },
    vapi: vapiOfFound(found, vapi),
  };
}

function vapiOfFound(
  { isCurrent }: FoundSession,
  vapi: ReadResult<SessionInfo>,
): ReadResult<SessionInfo> {
  if (isCurrent instanceof Error) return { status: 'failed', error: isCurrent };
  return isCurrent ? vapi : otherUser;
}

/**
 * Called before the elements of a list of sessions are created.
 *
 * @param count - of elements.
 * @param vapiError - the error of vAPI's fields on each of them, where there is one.
 * @throws where they are not to be resolved.
 */
export type AdmitElements = (count: number, vapiError: Error | undefined) => Promise<void>;

/**
 * All sessions. Where vAPI's fields are selected, the request's own session has them.
 *
 * @throws where vim25 did not return the list, `FORBIDDEN` without the privilege; what `admit` throws.
 */
export async function loadSessions(
  loaders: Loaders,
  vcenter: VCenter,
  required: RequiredApis,
  admit: AdmitElements,
): Promise<SessionSource[]> {
  const [sessions, current, vapi] = await Promise.all([
    loaders.sessionsByKey(vcenter),
    required.vapi ? toResult(loaders.currentSession(vcenter)) : notRequested,
    required.vapi ? toResult(loaders.vapiSession(vcenter)) : notRequested,
  ]);
  await admit(sessions.size, current.status === 'failed' ? current.error : undefined);
  const vapiOf = ({ key }: UserSession): ReadResult<SessionInfo> => {
    // Where the request's own session is not known, any of them may be it.
    if (current.status === 'failed') return current;
    return current.status === 'loaded' && current.value.key === key ? vapi : otherUser;
  };
  return Array.from(sessions.values(), (session) => ({
    vcenter,
    vim25: { status: 'loaded', value: session },
    vapi: vapiOf(session),
  }));
}

function toResult<Value>(read: Promise<Value>): Promise<ReadResult<Value>> {
  return read.then(
    (value) => ({ status: 'loaded', value }) as const,
    (thrown: unknown) => ({ status: 'failed', error: asError(thrown) }) as const,
  );
}
