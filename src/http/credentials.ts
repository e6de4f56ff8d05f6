import type { IncomingHttpHeaders } from 'node:http';
import { badUserInput } from '../errors/bad-user-input.ts';
import type { Api } from '../errors/extensions.ts';
import { VCenterError } from '../errors/vcenter-error.ts';
import type { RequestCredentials } from '../vcenter/credentials.ts';
import { tokenPattern } from '../vcenter/token.ts';
import type { VCenter } from '../vcenter/vcenter.ts';
import { readAcceptLanguage } from './request/accept-language.ts';

const tokenHeader = 'vmware-api-session-id';

/** A header with a token. */
interface TokenHeader {
  /** For the first vCenter. */
  readonly name: string;
  /** For the vCenter whose id it ends with. */
  readonly nameWithId: string;
}

/** Of each vCenter, since to create the names for each request would take as long as to look them up. */
const tokenHeaders = new WeakMap<VCenter, Record<Api, readonly TokenHeader[]>>();

/** The headers with tokens for a vCenter, the most specific first. */
function tokenHeadersOf(vcenter: VCenter): Record<Api, readonly TokenHeader[]> {
  const existing = tokenHeaders.get(vcenter);
  if (existing) return existing;
  const vapi = { name: tokenHeader, nameWithId: `${tokenHeader}-${vcenter.id}` };
  const vim25 = {
    name: 'vmware-vim25-session-id',
    nameWithId: `vmware-vim25-session-id-${vcenter.id}`,
  };
  const created = { vapi: [vapi], vim25: [vim25, vapi] };
  tokenHeaders.set(vcenter, created);
  return created;
}

/** Printable ASCII: a scheme and its credentials. */
const authorization = /^[\x20-\x7e]{1,8192}$/;

/**
 * Reads the tokens of one request. A token is given out for the vCenter that it is for, and for no other.
 *
 * @param headers - of the request, names in lower case.
 * @param first - the first configured vCenter: the one that headers without an id are for.
 */
export function readCredentials(headers: IncomingHttpHeaders, first: VCenter): RequestCredentials {
  const acceptLanguage = readAcceptLanguage(headers);
  const common = { request: {}, ...(acceptLanguage !== undefined && { acceptLanguage }) };
  return {
    of(vcenter, api) {
      for (const { name, nameWithId } of tokenHeadersOf(vcenter)[api]) {
        const credential = headers[nameWithId] || (vcenter === first && headers[name]);
        if (!credential) continue;
        if (typeof credential !== 'string' || !tokenPattern.test(credential))
          throw badUserInput(
            `The token for the vCenter ${vcenter.id} must have 1 to 4096 visible ASCII characters, and nothing else.`,
          );
        return {
          vcenter,
          api,
          credential,
          credentialHeader: tokenHeader,
          ...common,
        };
      }
      const credential = vcenter.forwardAuthorization && headers.authorization;
      if (!credential) {
        const name = vcenter === first ? tokenHeader : `${tokenHeader}-${vcenter.id}`;
        const message = `The request has no token for the vCenter ${vcenter.id}. Send it in the ${name} header.`;
        throw new VCenterError(vcenter.id, api, 'UNAUTHENTICATED', { message });
      }
      if (!authorization.test(credential))
        throw badUserInput('Authorization must be printable ASCII.');
      return { vcenter, api, credential, credentialHeader: 'authorization', ...common };
    },
  };
}

/** Where token headers that no vCenter reads are logged. */
export interface CredentialsLog {
  /** The least severe level that is written. */
  readonly level: string;
  debug(details: object, message: string): void;
}

/** The token headers for one vCenter; its id follows. */
const idHeader = /^vmware-(?:api|vim25)-session-id-(.*)/;

/** Characters of a header's name that are logged. */
const maxNameLength = 100;

/**
 * Logs each token header whose vCenter is not configured: its name, never its value. Only at the level `debug`, so
 * that other requests cost nothing.
 *
 * @param ids - of the configured vCenters.
 */
export function logUnconfiguredVCenters(
  headers: IncomingHttpHeaders,
  ids: ReadonlySet<string>,
  log: CredentialsLog,
): void {
  if (log.level !== 'debug' && log.level !== 'trace') return;
  for (const name of Object.keys(headers)) {
    const id = idHeader.exec(name)?.[1];
    if (id !== undefined && !ids.has(id))
      log.debug(
        { header: name.slice(0, maxNameLength) },
        'The header has a token for a vCenter that is not configured. It is not forwarded.',
      );
  }
}
