/** A client of a query, which can disconnect before its response. */
export interface LeavingClient {
  /** The body of the response; `left` where the client has disconnected. */
  readonly response: Promise<unknown>;
  /** Disconnects. */
  leave(): void;
}

/**
 * Sends a query over HTTP.
 *
 * @param url - the base URL of the subgraph.
 */
export function startQuery(
  url: string,
  query: string,
  headers: Readonly<Record<string, string>>,
): LeavingClient {
  const controller = new AbortController();
  const response = fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
    signal: controller.signal,
  }).then(
    async (received) => (await received.json()) as unknown,
    () => 'left',
  );
  return { response, leave: () => controller.abort() };
}
