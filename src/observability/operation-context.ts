import { AsyncLocalStorage } from 'node:async_hooks';
import type { CallRecorder, CompletedRequest } from '../vcenter/transport/observer.ts';
import type { OperationTrace } from './tracing.ts';

/** An operation in progress, for whatever is logged or called while it is executed. */
export interface OperationRecord {
  readonly requestId: string;
  /** The trace that the request belongs to, by its header `traceparent`. */
  readonly traceId: string | undefined;
  /** The calls of vCenters that it has waited for, shared ones included. */
  readonly calls: CompletedRequest[];
  /** Its spans, where it is traced. */
  readonly trace: OperationTrace | undefined;
}

const storage = new AsyncLocalStorage<OperationRecord>();

/** Executes an operation so that its log lines and its calls find its record. */
export function runOperation<T>(record: OperationRecord, execute: () => T): T {
  return storage.run(record, execute);
}

/** The operation that is being executed; undefined outside of one. */
export function currentOperation(): OperationRecord | undefined {
  return storage.getStore();
}

/** Adds each call to the record of the operation that waits for it. */
export const recordCalls: CallRecorder = {
  start(call) {
    const record = storage.getStore();
    if (!record) return undefined;
    const { vcenter, api } = call;
    const endSpan = record.trace?.startCall(call);
    const start = performance.now();
    return (result) => {
      endSpan?.(result);
      record.calls.push({ vcenter, api, result, durationMs: performance.now() - start });
    };
  },
};

const traceparent = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}/;

/** The trace id of a header `traceparent` of the W3C. */
export function readTraceId(header: unknown): string | undefined {
  const id = typeof header === 'string' ? traceparent.exec(header)?.[1] : undefined;
  return id === undefined || /^0+$/.test(id) ? undefined : id;
}
