import type { OperationOutcome } from '../observability/operation.ts';

/** A GraphQL response over HTTP. */
export interface ExecutionResponse {
  /** 200 for every operation that was executed. */
  readonly status: number;
  /** Header names in lower case, at least `content-type`. */
  readonly headers: ReadonlyMap<string, string>;
  /** JSON. */
  readonly body: string;
  /** What came of the operation, for observers. */
  readonly outcome: OperationOutcome;
}
