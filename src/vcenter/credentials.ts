import type { Api } from '../errors/extensions.ts';
import type { VCenter } from './vcenter.ts';

/** On whose behalf an API of a vCenter is asked. Both APIs of a vCenter can take different tokens. */
export interface Credentials {
  readonly vcenter: VCenter;
  readonly api: Api;
  /** The value of `vmware-api-session-id`, or of `authorization` where that is forwarded. A secret. */
  readonly credential: string;
  /** The header that the credential goes into. */
  readonly credentialHeader: 'vmware-api-session-id' | 'authorization';
  /** `Accept-Language` of the request, so that messages come localized. */
  readonly acceptLanguage?: string;
}

/** Finds, for each vCenter and API, on whose behalf this request asks. */
export interface RequestCredentials {
  /**
   * The caller of one API of a vCenter.
   *
   * @throws VCenterError - `UNAUTHENTICATED` where the request has no token for it.
   * @throws GraphQLError - `BAD_USER_INPUT` where its token cannot be one.
   */
  of(vcenter: VCenter, api: Api): Credentials;
}

/** The headers that every call on a caller's behalf has. */
export function requestHeaders(credentials: Credentials): Record<string, string> {
  const headers: Record<string, string> = {
    accept: 'application/json',
    [credentials.credentialHeader]: credentials.credential,
  };
  if (credentials.acceptLanguage !== undefined)
    headers['accept-language'] = credentials.acceptLanguage;
  return headers;
}

/** What must not come back out of an upstream's words: the credential, without the scheme of `authorization`. */
export function extractSecret(credentials: Pick<Credentials, 'credential'>): string {
  return credentials.credential.replace(/^\S+ +(?=\S)/, '');
}
