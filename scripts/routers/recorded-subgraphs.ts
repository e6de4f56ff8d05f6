import type { Company, SubgraphInSupergraph } from './company.ts';
import { type RecordingProxy, startRecordingProxy } from './recording-proxy.ts';

/** The subgraphs of a company, with a proxy before vcenter-session that records what a router sends to it. */
export interface RecordedSubgraphs extends AsyncDisposable, Pick<RecordingProxy, 'requests'> {
  readonly subgraphs: readonly SubgraphInSupergraph[];
}

/** Starts the proxy. */
export async function recordSubgraph(company: Company): Promise<RecordedSubgraphs> {
  const proxy = await startRecordingProxy(`${company.balancer.url}/graphql`);
  return {
    requests: proxy.requests,
    subgraphs: company.subgraphs.map((subgraph) =>
      subgraph.name === 'vcenter-session' ? { ...subgraph, url: proxy.url } : subgraph,
    ),
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  };
}
