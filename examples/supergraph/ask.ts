/** An answer of a GraphQL server, as far as it is looked at here. */
interface GraphQLHttpResponse<Data> {
  readonly data?: Data;
  readonly errors?: readonly { readonly message: string }[];
}

/** Asks a GraphQL server, and throws an error where the answer has one. */
export async function ask<Data>(
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
