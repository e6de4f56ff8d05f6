import type { OperationObserver, OperationOutcome } from '../observability/operation.ts';
import { type Executor, RejectedDocumentError } from './executor.ts';
import { outcomeOfError } from './outcome.ts';

/** Wraps an executor so that observers receive each operation when it has completed. */
export function observeExecutor(
  executor: Executor,
  observers: readonly OperationObserver[],
): Executor {
  return {
    async execute(request, createContext) {
      const start = performance.now();
      const complete = (outcome: OperationOutcome) => {
        const operation = { ...outcome, durationMs: performance.now() - start };
        for (const observer of observers) observer.onOperation(operation);
      };
      try {
        const response = await executor.execute(request, createContext);
        complete(response.outcome);
        return response;
      } catch (error) {
        complete(
          error instanceof RejectedDocumentError
            ? outcomeOfError('invalid', 'BAD_REQUEST')
            : outcomeOfError('failed', 'INTERNAL_SERVER_ERROR'),
        );
        throw error;
      }
    },
    stop: () => executor.stop(),
  };
}
