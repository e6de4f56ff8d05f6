import { composeServices as composeWithApollo } from '@apollo/composition';
import { composeServices as composeWithTheGuild } from '@theguild/federation-composition';
import { federateSubgraphs as composeWithWunderGraph } from '@wundergraph/composition';
import { type DocumentNode, parse } from 'graphql';

/** A subgraph as a composer expects it: its name in the supergraph and its SDL. */
export interface SubgraphSdl {
  readonly name: string;
  readonly sdl: string;
}

/** What a composer reports about a set of subgraphs. */
export interface Finding {
  readonly level: 'error' | 'hint';
  readonly message: string;
  /** The subgraphs that the finding names, where the composer tells; empty where it doesn't. */
  readonly subgraphs: readonly string[];
}

/** One of the three libraries that compose supergraphs for the routers in use. */
export interface Composer {
  /** The package, as its users know it. */
  readonly name: string;
  /** Composes the subgraphs; no finding means a supergraph without an error or a hint. */
  compose(subgraphs: readonly SubgraphSdl[]): Finding[];
}

/** Composers and the routers that they compose for: Apollo's, Hive's, Cosmo's. */
export const composers: readonly Composer[] = [
  {
    name: '@apollo/composition',
    compose(subgraphs) {
      const result = composeWithApollo(subgraphs.map(toService));
      if (result.errors) return result.errors.map(toError);
      return result.hints.map((hint) => ({
        level: 'hint',
        message: hint.toString(),
        subgraphs: [...new Set((hint.nodes ?? []).map((node) => node.subgraph))].filter(
          (name) => name !== undefined,
        ),
      }));
    },
  },
  {
    // It has no hints, by its README; it finds errors only.
    name: '@theguild/federation-composition',
    compose(subgraphs) {
      return (composeWithTheGuild(subgraphs.map(toService)).errors ?? []).map(toError);
    },
  },
  {
    name: '@wundergraph/composition',
    compose(subgraphs) {
      const result = composeWithWunderGraph({
        subgraphs: subgraphs.map(({ name, sdl }) => ({
          name,
          url: placeholderUrl(name),
          definitions: parse(sdl),
        })),
      });
      const hints = result.warnings.map(
        ({ message, subgraph }): Finding => ({
          level: 'hint',
          message,
          subgraphs: [subgraph.name],
        }),
      );
      return result.success ? hints : [...result.errors.map(toError), ...hints];
    },
  },
];

/** A finding counts against the subgraphs that it names, and against all where it names none, as errors do. */
export function isAbout(finding: Finding, subgraph: string): boolean {
  return finding.subgraphs.length === 0 || finding.subgraphs.includes(subgraph);
}

function toError(error: Error): Finding {
  return { level: 'error', message: error.message, subgraphs: [] };
}

function toService({ name, sdl }: SubgraphSdl): {
  name: string;
  url: string;
  typeDefs: DocumentNode;
} {
  return { name, url: placeholderUrl(name), typeDefs: parse(sdl) };
}

/** Composition needs an address and never calls it. */
function placeholderUrl(name: string): string {
  return `http://${name}.invalid/graphql`;
}
