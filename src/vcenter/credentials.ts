import type { Api } from '../errors/extensions.ts';
import type { VCenter } from './vcenter.ts';

/** The credentials of a call to one API of a vCenter. The two APIs can have different tokens. */
export interface Credentials {
  /** Identifies the request that they came with. */
  readonly request: object;
  readonly vcenter: VCenter;
  readonly api: Api;
  /** The value of `vmware-api-session-id`, or of `authorization` where that is forwarded. A secret. */
  readonly credential: string;
  /** The header that the credential goes into. */
  readonly credentialHeader: 'vmware-api-session-id' | 'authorization';
  /** `Accept-Language` of the request, so that messages come localized. */
  readonly acceptLanguage?: string;
}

/** The credentials of a request, for each vCenter and API. */
export interface RequestCredentials {
  /**
   * Returns the credentials for one API of a vCenter.
   *
   * @throws VCenterError - `UNAUTHENTICATED` where the request has no token for it.
   * @throws GraphQLError - `BAD_USER_INPUT` where its token cannot be one.
   */
  of(vcenter: VCenter, api: Api): Credentials;
}

/** The headers that every call with credentials has, beside those of every call. */
export function requestHeaders(credentials: Credentials): Record<string, string> {
  const headers: Record<string, string> = {
    [credentials.credentialHeader]: credentials.credential,
  };
  if (credentials.acceptLanguage !== undefined)
    headers['accept-language'] = credentials.acceptLanguage;
  return headers;
}

/** What clients must not get in an upstream error: the credential, without the scheme of `authorization`. */
export function extractSecret(credentials: Pick<Credentials, 'credential'>): string {
  return credentials.credential.replace(/\S+ +(?=\S)/, '');
}
