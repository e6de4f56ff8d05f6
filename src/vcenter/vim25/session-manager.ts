/** vim25's part of sessions, over VI/JSON: the properties of `SessionManager`. */
import type { z } from 'zod';
import { VCenterError } from '../../errors/vcenter-error.ts';
import { callApi, type ResponseWithBody } from '../call-api.ts';
import { type Credentials, requestHeaders } from '../credentials.ts';
import { vim25Error } from './fault.ts';
import { type UserSession, userSession, userSessionList } from './schemas.ts';

/** vCenter has 3,000 sessions at most by default; this leaves room for three times as many. */
const maxSessionListBytes = 4 * 1024 * 1024;

/**
 * Reads `SessionManager.currentSession`, the session of the credentials.
 *
 * @param signal - cancels the call.
 * @throws VCenterError - `UNAUTHENTICATED` where the credentials are not logged in.
 */
export function getCurrentSession(
  credentials: Credentials,
  signal?: AbortSignal,
): Promise<UserSession> {
  return getProperty(credentials, 'currentSession', userSession, signal);
}

/**
 * Reads `SessionManager.sessionList`, all sessions. It requires the privilege Sessions.TerminateSession.
 *
 * @param signal - cancels the call.
 * @param beforeParsing - called with the response before it is parsed.
 * @throws VCenterError - `UNAUTHENTICATED` where the credentials are not logged in, `FORBIDDEN` without the
 * privilege.
 */
export function getSessionList(
  credentials: Credentials,
  signal?: AbortSignal,
  beforeParsing?: (response: ResponseWithBody) => Promise<void>,
): Promise<UserSession[]> {
  return getProperty(credentials, 'sessionList', userSessionList, signal, {
    maxBodyBytes: maxSessionListBytes,
    beforeParsing,
  });
}

/** What a list needs beside a session. */
interface ListOptions {
  readonly maxBodyBytes: number;
  readonly beforeParsing: ((response: ResponseWithBody) => Promise<void>) | undefined;
}

async function getProperty<Schema extends z.ZodType>(
  credentials: Credentials,
  property: string,
  schema: Schema,
  signal?: AbortSignal,
  list?: ListOptions,
): Promise<z.output<Schema>> {
  const { vcenter } = credentials;
  const read = (release: string) =>
    callApi(
      vcenter.transport,
      {
        api: 'vim25',
        method: 'GET',
        path: `/sdk/vim25/${release}/SessionManager/${encodeURIComponent(vcenter.sessionManager)}/${property}`,
        headers: requestHeaders(credentials),
        request: credentials.request,
        ...(list && { maxBodyBytes: list.maxBodyBytes }),
      },
      {
        schema,
        beforeParsing: list?.beforeParsing,
        createError: (response, problem) => vim25Error(credentials, response, problem),
      },
      signal,
    );
  const release = await vcenter.release();
  try {
    return await read(release);
  } catch (error) {
    const renewed = isUnknownRelease(error) ? await vcenter.renewRelease(release) : undefined;
    if (renewed === undefined) throw error;
    return read(renewed);
  }
}

/** A vCenter returns 404 without a fault for the paths of a release that it does not know. */
function isUnknownRelease(error: unknown): boolean {
  if (!(error instanceof VCenterError)) return false;
  const { code, vcenter } = error.extensions;
  return code === 'NOT_FOUND' && vcenter.fault === undefined;
}
