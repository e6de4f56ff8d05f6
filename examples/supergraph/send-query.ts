/** The members of a GraphQL response that the example reads. */
interface GraphQLHttpResponse<Data> {
  readonly data?: Data;
  readonly errors?: readonly { readonly message: string }[];
}

/** Sends a query to a GraphQL server. Throws an error where the response has one. */
export async function sendQuery<Data>(
  url: string,
  query: string,
  headers: Record<string, string>,
): Promise<Data> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await response.json()) as GraphQLHttpResponse<Data>;
  if (errors || data === undefined) {
    throw new Error(
      `${query} failed: ${errors?.map(({ message }) => message).join('; ') ?? response.status}`,
    );
  }
  return data;
}
