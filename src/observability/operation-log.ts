import type { CompletedOperation, OperationObserver } from './operation.ts';

/** Where operations are logged. */
export interface OperationLog {
  /** The least severe level that is written. */
  readonly level: string;
  info(details: object, message: string): void;
  debug(details: object, message: string): void;
}

/** An operation that takes this long is slow, in milliseconds. */
const slowMs = 1000;

/** Characters of an operation's name that are logged. */
const maxNameLength = 100;

/**
 * Logs a line for each operation: at `info` where it is slow or its result is not `ok`, else at `debug`. Its
 * `requestId` and `traceId` come from the logger.
 */
export function createOperationLog(log: OperationLog): OperationObserver {
  return {
    onOperation(operation) {
      if (operation.result !== 'ok' || operation.durationMs >= slowMs)
        log.info(describe(operation), 'operation');
      else if (log.level === 'debug' || log.level === 'trace')
        log.debug(describe(operation), 'operation');
    },
  };
}

function describe({ operation, durationMs, result, codes, calls }: CompletedOperation): object {
  return {
    ...(operation && { operation: operation.name?.slice(0, maxNameLength) ?? operation.type }),
    durationMs: rounded(durationMs),
    result,
    codes: [...codes.keys()],
    calls: calls.map((call) => ({ ...call, durationMs: rounded(call.durationMs) })),
  };
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
