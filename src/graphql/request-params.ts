/** What an operation is executed with. */
export interface RequestParams {
  readonly query: string;
  readonly variables: Record<string, unknown> | null | undefined;
  readonly operationName: string | null | undefined;
}

/** The text of a request's document, if its parsed body has one. */
export function readDocument(body: unknown): string | undefined {
  return isRecord(body) && typeof body['query'] === 'string' ? body['query'] : undefined;
}

/** The name of the operation to execute, if a request's parsed body has one. */
export function readOperationName(body: unknown): string | undefined {
  return isRecord(body) && typeof body['operationName'] === 'string'
    ? body['operationName']
    : undefined;
}

/** Reads the request from a parsed body; undefined where it is invalid or uses an extension: Apollo Server handles it. */
export function readRequestParams(body: unknown): RequestParams | undefined {
  if (!isRecord(body)) return undefined;
  const { query, variables, operationName, extensions } = body;
  if (typeof query !== 'string') return undefined;
  if (variables != null && !isRecord(variables)) return undefined;
  if (operationName != null && typeof operationName !== 'string') return undefined;
  if (extensions != null && (!isRecord(extensions) || extensions['persistedQuery']))
    return undefined;
  return { query, variables, operationName };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
