import { VCenterError } from '../../errors/vcenter-error.ts';
import type { ErrorSource } from '../error-factory.ts';
import type { PromisedTransport } from '../transport/call.ts';
import { InvalidResponseError } from '../transport/errors.ts';
import { negotiateRelease } from '../vapi/hello.ts';

/** Releases of the VI/JSON schema that have every property that this subgraph reads, preferred first. */
export const supportedReleases = ['9.1.0.0', '9.0.0.0', '8.0.3.0', '8.0.2.0', '8.0.1.0'];

/** The first release that has both APIs. It has no `hello`. */
export const firstRelease = '8.0.1.0';

/** How often a release that was negotiated is negotiated again at most, in milliseconds. */
const renewalIntervalMs = 60_000;

/** Provides the release of the VI/JSON schema for the paths of vim25. */
export interface ReleaseResolver {
  /** The release: as configured, or negotiated at the first call and then kept. */
  release(): Promise<string>;
  /**
   * Called when the vCenter does not know a release, as after an upgrade. A negotiated release is negotiated
   * again, at most once a minute.
   *
   * @returns another release, if there is one.
   */
  renewRelease(unknown: string): Promise<string | undefined>;
}

/**
 * Creates the resolver of a vCenter's release.
 *
 * @param configured - a release, or `auto`: negotiated by `hello`.
 */
export function createReleaseResolver(
  vcenter: ErrorSource & { readonly transport: PromisedTransport },
  configured: string,
): ReleaseResolver {
  let negotiated: Promise<string> | undefined =
    configured === 'auto' ? undefined : Promise.resolve(configured);
  let renewedAt = Number.NEGATIVE_INFINITY;
  const release = () => {
    negotiated ??= negotiate(vcenter).catch((error: unknown) => {
      // A failure is not kept: the next request negotiates again.
      negotiated = undefined;
      throw error;
    });
    return negotiated;
  };
  return {
    release,
    async renewRelease(unknown) {
      if (configured !== 'auto') return undefined;
      const known = await release();
      if (known !== unknown) return known;
      const now = performance.now();
      if (now < renewedAt + renewalIntervalMs) return undefined;
      renewedAt = now;
      negotiated = undefined;
      const renewed = await release();
      return renewed === unknown ? undefined : renewed;
    },
  };
}

async function negotiate(
  vcenter: ErrorSource & { readonly transport: PromisedTransport },
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
