/** A GraphQL response over HTTP. */
export interface Response {
  readonly status: number;
  readonly text: string;
  /** The text read as JSON; the text itself where it is none. */
  readonly body: unknown;
}

/** Sends a GraphQL query. */
export async function postQuery(
  url: string,
  query: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
    signal: AbortSignal.timeout(60_000),
  });
  const text = await response.text();
  const { status } = response;
  try {
    return { status, text, body: JSON.parse(text) as unknown };
  } catch {
    return { status, text, body: text };
  }
}
