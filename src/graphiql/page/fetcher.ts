import type { Fetcher, FetcherParams } from '@graphiql/toolkit';
import { Kind, parse } from 'graphql';

/** Sends an operation to the subgraph that served the page, with the headers of the header editor. */
export const fetcher: Fetcher = async (operation, options) => {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      ...options?.headers,
      accept: 'application/json',
      'content-type': 'application/json',
    },
    body: JSON.stringify(withoutStaleName(operation)),
    // A token is in the headers or nowhere: no cookie is sent.
    credentials: 'omit',
  });
  return await response.json();
};

/**
 * Leaves out the name of an operation that is not in the text. For a tenth of a second after a change of
 * tabs, GraphiQL still names the operation of the tab before.
 */
function withoutStaleName(operation: FetcherParams): FetcherParams {
  const { operationName, ...rest } = operation;
  if (operationName && isNamed(operation.query, operationName)) return operation;
  return rest;
}

function isNamed(query: string, name: string): boolean {
  try {
    const { definitions } = parse(query, { noLocation: true });
    return definitions.some(
      (definition) =>
        definition.kind === Kind.OPERATION_DEFINITION && definition.name?.value === name,
    );
  } catch {
    // The subgraph reports what is wrong with the text.
    return true;
  }
}
