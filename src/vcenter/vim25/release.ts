import { VCenterError } from '../../errors/vcenter-error.ts';
import type { ErrorSource } from '../error-factory.ts';
import type { Transport } from '../transport/call.ts';
import { InvalidResponseError } from '../transport/errors.ts';
import { negotiateRelease } from '../vapi/hello.ts';

/** Releases of the VI/JSON schema that have every property that this subgraph reads, preferred first. */
export const supportedReleases = ['9.1.0.0', '9.0.0.0', '8.0.3.0', '8.0.2.0', '8.0.1.0'];

/** The first release that has both APIs. It has no `hello`. */
export const firstRelease = '8.0.1.0';

/**
 * Creates the function that returns the release of the VI/JSON schema for the paths of vim25.
 *
 * @param release - a release, or `auto`: negotiated by `hello` at the first call, and then kept.
 */
export function createReleaseResolver(
  vcenter: ErrorSource & { readonly transport: Transport },
  release: string,
): () => Promise<string> {
  let negotiated: Promise<string> | undefined =
    release === 'auto' ? undefined : Promise.resolve(release);
  return () => {
    negotiated ??= negotiate(vcenter).catch((error: unknown) => {
      // A failure is not kept: the next request negotiates again.
      negotiated = undefined;
      throw error;
    });
    return negotiated;
  };
}

async function negotiate(
  vcenter: ErrorSource & { readonly transport: Transport },
): Promise<string> {
  const release = (await negotiateRelease(vcenter, supportedReleases)) ?? firstRelease;
  if (release === '') throw new VCenterError(vcenter.id, 'vim25', 'UNSUPPORTED');
  if (!supportedReleases.includes(release))
    throw vcenter.fail(
      'vim25',
      'BAD_UPSTREAM_RESPONSE',
      new InvalidResponseError('a release that was not offered'),
    );
  return release;
}
