import { TurnRefusedError } from '../loaders/turn-queue.ts';
import type { OperationObserver, OperationOutcome } from '../observability/operation.ts';
import {
  type OperationRecord,
  readTraceId,
  runOperation,
} from '../observability/operation-context.ts';
import type { StartTrace } from '../observability/tracing.ts';
import { type Executor, RejectedDocumentError } from './executor.ts';
import { outcomeOfError } from './outcome.ts';

/**
 * Wraps an executor so that observers receive each operation when it has completed, and so that what is logged
 * and called meanwhile belongs to it.
 *
 * @param startTrace - starts the spans of a request. Default: nothing is traced.
 */
export function observeExecutor(
  executor: Executor,
  observers: readonly OperationObserver[],
  startTrace?: StartTrace,
): Executor {
  return {
    execute(request, createContext) {
      const start = performance.now();
      const trace = startTrace?.(request.headers);
      const traceId = trace?.traceId ?? readTraceId(request.headers['traceparent']);
      const record: OperationRecord = {
        requestId: request.id,
        calls: [],
        traceId,
        trace,
      };
      const complete = (outcome: OperationOutcome, status?: number) => {
        trace?.end(outcome, status);
        const operation = {
          ...outcome,
          calls: record.calls,
          durationMs: performance.now() - start,
        };
        for (const observer of observers) observer.onOperation(operation);
      };
      return runOperation(record, () =>
        executor.execute(request, createContext).then(
          (response) => {
            complete(response.outcome, response.status);
            return response;
          },
          (error: unknown) => {
            complete(outcomeOfThrown(error));
            throw error;
          },
        ),
      );
    },
  };
}

function outcomeOfThrown(error: unknown): OperationOutcome {
  if (error instanceof RejectedDocumentError) return outcomeOfError('invalid', 'BAD_REQUEST');
  if (error instanceof TurnRefusedError) return outcomeOfError('failed', 'SERVICE_UNAVAILABLE');
  return outcomeOfError('failed', 'INTERNAL_SERVER_ERROR');
}
