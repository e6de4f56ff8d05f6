import type { IncomingHttpHeaders } from 'node:http';
import { createLoaders, type Loaders } from './loaders/loaders.ts';
import { callersOf } from './tokens.ts';
import type { VCenters } from './vcenter/vcenters.ts';

/** What resolvers have to work with: made afresh for each request. */
export interface Context {
  readonly vcenters: VCenters;
  readonly loaders: Loaders;
}

/**
 * Makes the context of one request.
 *
 * @param headers - of the request, names in lower case: its tokens and `Accept-Language`.
 */
export function createContext(vcenters: VCenters, headers: IncomingHttpHeaders): Context {
  return { vcenters, loaders: createLoaders(callersOf(headers, vcenters.first)) };
}
