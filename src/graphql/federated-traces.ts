import type { IncomingHttpHeaders } from 'node:http';

/** Whether a router requests a federated trace, as Apollo's "Federated trace data" describes. */
export function requestsFederatedTrace(headers: IncomingHttpHeaders): boolean {
  return headers['apollo-federation-include-trace'] === 'ftv1';
}
