import { readResponse } from '../call-api.ts';
import type { ErrorSource } from '../error-factory.ts';
import type { PromisedTransport } from '../transport/call.ts';
import { vapiError } from './error.ts';
import { helloResult } from './schemas.ts';

/**
 * Negotiates the release of the API: `POST /api/vcenter/system?action=hello`. The operation exists from
 * vCenter 8.0.2.0 on. No credentials and no language are sent, since the result serves all requests.
 *
 * @param releases - the releases that the client supports, preferred first.
 * @returns the release, an empty string where none is shared, or undefined where the vCenter has no `hello`.
 * @throws VCenterError of vim25, since the release is negotiated for calls of that API.
 */
export async function negotiateRelease(
  vcenter: ErrorSource & { readonly transport: PromisedTransport },
  releases: readonly string[],
): Promise<string | undefined> {
  const response = await vcenter.transport.call({
    api: 'vim25',
    method: 'POST',
    path: '/api/vcenter/system?action=hello',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ api_releases: releases }),
  });
  if (response.status === 404) return undefined;
  const hello = readResponse(response, {
    schema: helloResult,
    createError: (failed, problem) => vapiError({ vcenter, api: 'vim25' }, failed, problem),
  });
  return hello.api_release;
}
