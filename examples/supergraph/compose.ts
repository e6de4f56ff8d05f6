import { assertCompositionSuccess, composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';

/** Composes the supergraph that the gateway serves. Throws an error that names what doesn't fit. */
export function composeSupergraph(
  subgraphs: readonly { readonly name: string; readonly url: string; readonly sdl: string }[],
): string {
  const result = composeServices(
    subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })),
  );
  assertCompositionSuccess(result);
  return result.supergraphSdl;
}
