import type { CompletedRequest } from '../vcenter/transport/observer.ts';

/**
 * What came of an operation: `ok` without an error, `partial` with data and errors, `failed` where every root
 * field is null and there is an error, `invalid` where the request was not executed.
 */
export type OperationResult = 'ok' | 'partial' | 'failed' | 'invalid';

/** The outcome of an operation, as far as metrics, logs and traces need it. */
export interface OperationOutcome {
  readonly result: OperationResult;
  /** How many errors of each `extensions.code` the response has. */
  readonly codes: ReadonlyMap<string, number>;
  /** How many of them are bugs of the subgraph, as opposed to failures of a vCenter. */
  readonly internalErrors: number;
  /** The operation, where the document has it. */
  readonly operation?: {
    /** As the client chose it, of at most 256 characters. */
    readonly name?: string;
    readonly type: 'query' | 'mutation' | 'subscription';
  };
}

/** An operation that has completed. */
export interface CompletedOperation extends OperationOutcome {
  /** The calls of vCenters that it waited for. */
  readonly calls: readonly CompletedRequest[];
  readonly durationMs: number;
}

/** Receives each completed operation. */
export interface OperationObserver {
  onOperation(operation: CompletedOperation): void;
}
