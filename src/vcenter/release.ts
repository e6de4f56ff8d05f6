import { codeOfStatus } from '../errors/catalogue.ts';
import { VCenterError } from '../errors/vcenter-error.ts';
import { attempt } from './attempt.ts';
import { helloResult } from './shapes.ts';
import type { Transport } from './transport.ts';

/** Releases of the VI/JSON schema that have what this subgraph reads, preferred first. */
const knownReleases = ['9.1.0.0', '9.0.0.0', '8.0.3.0', '8.0.2.0', '8.0.1.0'];

/** The first release with the two APIs. It has no `hello` yet. */
const firstRelease = '8.0.1.0';

/**
 * Makes what gives the release of the VI/JSON schema to ask with.
 *
 * @param release - a release, or `auto`: negotiated by `hello` at the first call, and then kept.
 */
export function releaseOf(
  id: string,
  release: string,
  transport: Transport,
): () => Promise<string> {
  let negotiated: Promise<string> | undefined =
    release === 'auto' ? undefined : Promise.resolve(release);
  return () => {
    negotiated ??= negotiate(id, transport).catch((error: unknown) => {
      // A failure is not kept: the next request tries again.
      negotiated = undefined;
      throw error;
    });
    return negotiated;
  };
}

async function negotiate(id: string, transport: Transport): Promise<string> {
  const { status, body } = await transport.call({
    api: 'vim25',
    method: 'POST',
    path: '/api/vcenter/system?action=hello',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ api_releases: knownReleases }),
  });
  if (status === 404) return firstRelease;
  if (status !== 200) throw new VCenterError(id, 'vim25', codeOfStatus(status));
  const release = helloResult.safeParse(attempt((): unknown => JSON.parse(body))).data?.api_release;
  if (release === undefined) throw new VCenterError(id, 'vim25', 'BAD_UPSTREAM_RESPONSE');
  if (release === '') throw new VCenterError(id, 'vim25', 'UNSUPPORTED');
  if (!knownReleases.includes(release))
    throw new VCenterError(id, 'vim25', 'BAD_UPSTREAM_RESPONSE');
  return release;
}
