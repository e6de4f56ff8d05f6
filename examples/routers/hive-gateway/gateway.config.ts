/**
 * Hive Gateway in front of vcenter-session: `hive-gateway supergraph ./supergraph.graphql` beside this file.
 * docs/supergraph.md explains each part. The tests in test/supergraph run a gateway with it.
 */
import type { GatewayConfig } from '@graphql-hive/gateway';

/** The subgraph's name in the supergraph. */
const SUBGRAPH = 'vcenter-session';

/** Tokens, by name and by pattern (one vCenter's own), and the language of the user. */
const FORWARDED = /^(vmware-(api|vim25)-session-id(-[a-z0-9-]{1,32})?|accept-language)$/;

export const gatewayConfig = {
  propagateHeaders: {
    // Runs for every subgraph. The others have no use for a vCenter's token, so they don't get it.
    fromClientToSubgraphs({ request, subgraphName }) {
      if (subgraphName !== SUBGRAPH) return;
      const headers: Record<string, string> = {};
      request.headers.forEach((value, name) => {
        if (FORWARDED.test(name)) headers[name] = value;
      });
      // ROUTER_SECRET is the same in the environment of both. What a client sends under that name is dropped.
      const secret = process.env['ROUTER_SECRET'];
      if (secret) headers['x-router-secret'] = secret;
      return headers;
    },
  },
  // Longer than three times the subgraph's VCENTER_TIMEOUT_MS (10 s), so that its own TIMED_OUT arrives first.
  upstreamTimeout: 35_000,
  // Errors of subgraphs pass unmasked, with their extensions; what the gateway itself throws stays masked.
  maskedErrors: true,
} satisfies Partial<GatewayConfig>;
