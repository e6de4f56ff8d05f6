import type { GraphQLFormattedError, OperationDefinitionNode } from 'graphql';
import type { OperationOutcome } from '../observability/operation.ts';

const noCodes: ReadonlyMap<string, number> = new Map();

/** The outcome of an operation, read from its response. */
export function outcomeOf(
  data: object | null | undefined,
  errors: readonly GraphQLFormattedError[] | undefined,
  operation?: OperationOutcome['operation'],
): OperationOutcome {
  const named = operation && { operation };
  if (!errors) return { result: 'ok', codes: noCodes, internalErrors: 0, ...named };
  const codes = new Map<string, number>();
  let internalErrors = 0;
  for (const { extensions } of errors) {
    const code = String(extensions?.['code']);
    codes.set(code, (codes.get(code) ?? 0) + 1);
    if (code === 'INTERNAL_SERVER_ERROR' && !extensions?.['vcenter']) internalErrors += 1;
  }
  return { result: resultOf(data), codes, internalErrors, ...named };
}

/** The outcome of a request that was not executed, or whose response is one error. */
export function outcomeOfError(
  result: 'failed' | 'invalid',
  code: 'BAD_REQUEST' | 'INTERNAL_SERVER_ERROR' | 'SERVICE_UNAVAILABLE',
): OperationOutcome {
  const internalErrors = code === 'INTERNAL_SERVER_ERROR' ? 1 : 0;
  return { result, codes: new Map([[code, 1]]), internalErrors };
}

/** Describes the operation that a request executes. The limits of documents bound the length of its name. */
export function describeOperation(
  operation: OperationDefinitionNode | null | undefined,
): OperationOutcome['operation'] {
  if (!operation) return undefined;
  const name = operation.name?.value;
  return { type: operation.operation, ...(name !== undefined && { name }) };
}

/** The result of a response with errors. */
function resultOf(data: object | null | undefined): 'partial' | 'failed' | 'invalid' {
  if (data === undefined) return 'invalid';
  if (data === null) return 'failed';
  return Object.values(data).every((value) => value === null) ? 'failed' : 'partial';
}
