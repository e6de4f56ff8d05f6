import { VCenterError } from '../errors/vcenter-error.ts';
import { readValue } from './read.ts';
import { helloResult } from './shapes.ts';
import { UndeclaredResponse } from './transport-errors.ts';
import { vapiError } from './vapi-error.ts';
import type { VCenter } from './vcenter.ts';

/** The part of a vCenter that is there before its release is known. */
type Asked = Pick<VCenter, 'id' | 'transport' | 'fail'>;

/** Releases of the VI/JSON schema that have what this subgraph reads, preferred first. */
const knownReleases = ['9.1.0.0', '9.0.0.0', '8.0.3.0', '8.0.2.0', '8.0.1.0'];

/** The first release with the two APIs. It has no `hello` yet. */
const firstRelease = '8.0.1.0';

/**
 * Makes what gives the release of the VI/JSON schema to ask with.
 *
 * @param release - a release, or `auto`: negotiated by `hello` at the first call, and then kept.
 */
export function releaseOf(vcenter: Asked, release: string): () => Promise<string> {
  let negotiated: Promise<string> | undefined =
    release === 'auto' ? undefined : Promise.resolve(release);
  return () => {
    negotiated ??= negotiate(vcenter).catch((error: unknown) => {
      // A failure is not kept: the next request tries again.
      negotiated = undefined;
      throw error;
    });
    return negotiated;
  };
}

/**
 * Asks by `hello`, which is vAPI's, on behalf of what vim25 is to be asked. The answer serves all callers, so
 * nobody's token or language goes along.
 */
async function negotiate(vcenter: Asked): Promise<string> {
  const response = await vcenter.transport.call({
    api: 'vim25',
    method: 'POST',
    path: '/api/vcenter/system?action=hello',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ api_releases: knownReleases }),
  });
  if (response.status === 404) return firstRelease;
  if (response.status !== 200) throw vapiError({ vcenter, api: 'vim25' }, response);
  const hello = readValue(helloResult, response);
  if (hello instanceof UndeclaredResponse)
    throw vcenter.fail('vim25', 'BAD_UPSTREAM_RESPONSE', hello);
  const release = hello.api_release;
  if (release === '') throw new VCenterError(vcenter.id, 'vim25', 'UNSUPPORTED');
  if (!knownReleases.includes(release))
    throw vcenter.fail(
      'vim25',
      'BAD_UPSTREAM_RESPONSE',
      new UndeclaredResponse('a release that was not offered'),
    );
  return release;
}
