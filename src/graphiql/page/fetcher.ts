import type { Fetcher } from '@graphiql/toolkit';

/** Sends an operation to the subgraph that served the page, with the headers of the header editor. */
export const fetcher: Fetcher = async (operation, options) => {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      ...options?.headers,
      accept: 'application/json',
      'content-type': 'application/json',
    },
    body: JSON.stringify(operation),
    // A token is in the headers or nowhere: no cookie goes along.
    credentials: 'omit',
  });
  return await response.json();
};
