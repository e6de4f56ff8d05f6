import type { Api } from '../../errors/extensions.ts';
import { VCenterError } from '../../errors/vcenter-error.ts';
import type { ErrorLog } from '../error-factory.ts';
import type { CallResult, Transport } from './call.ts';
import { CircuitOpenError } from './errors.ts';
import type { TransportObserver } from './observer.ts';

/** When a circuit breaker opens and closes, and its observers. */
export interface CircuitBreakerOptions {
  /** The vCenter's id. */
  readonly vcenter: string;
  readonly api: Api;
  /** After how many failures in a row it opens. 0: never. */
  readonly failures: number;
  /** How long it stays open before one call is let through, in milliseconds. */
  readonly resetMs: number;
  readonly log: ErrorLog;
  readonly observer: TransportObserver;
}

/** What the result of a call shows about its vCenter. */
type Outcome = 'success' | 'failure';

/**
 * Fails calls at once while a vCenter is down: with `SERVICE_UNAVAILABLE`, after so many consecutive calls
 * without an HTTP response or with 502, 503 or 504. After a while one call is let through, and its result
 * decides. Responses about the user (401, 403, faults) are successes.
 *
 * It is behind the queue: while it is open, the calls that wait fail one right after the other, since a call that fails
 * here holds no connection.
 */
export function circuitBreaker(inner: Transport, options: CircuitBreakerOptions): Transport {
  const { vcenter, api, resetMs, log, observer } = options;
  if (options.failures === 0) return inner;
  let failures = 0;
  let openedAt: number | undefined;
  let probing = false;

  const createError = () =>
    new VCenterError(vcenter, api, 'SERVICE_UNAVAILABLE', { cause: new CircuitOpenError() });

  function record(outcome: Outcome | undefined, isProbe: boolean): void {
    if (isProbe) probing = false;
    // Calls that were sent before it opened no longer decide.
    if (openedAt !== undefined && !isProbe) return;
    if (outcome === 'success') recordSuccess();
    if (outcome === 'failure') recordFailure();
  }

  function recordSuccess(): void {
    failures = 0;
    if (openedAt === undefined) return;
    openedAt = undefined;
    observer.onCircuit({ vcenter, api, open: false });
    log.info({ vcenter, api }, 'vCenter is available again: circuit breaker closed');
  }

  function recordFailure(): void {
    failures += 1;
    if (failures < options.failures) return;
    const wasClosed = openedAt === undefined;
    openedAt = performance.now();
    if (!wasClosed) return;
    observer.onCircuit({ vcenter, api, open: true });
    log.warn({ vcenter, api, failures }, 'vCenter is not available: circuit breaker opened');
  }

  return {
    call(call, onResult) {
      const isProbe = openedAt !== undefined;
      if (openedAt !== undefined) {
        if (probing || performance.now() < openedAt + resetMs) {
          // Later, since a queue sends the next call when one has failed.
          process.nextTick(onResult, createError());
          return { cancel: () => undefined };
        }
        probing = true;
      }
      return inner.call(call, (result) => {
        record(outcomeOf(result), isProbe);
        onResult(result);
      });
    },
  };
}

/** The outcome of a call; undefined where it shows nothing, since the call was cancelled. */
function outcomeOf(result: CallResult): Outcome | undefined {
  if (!(result instanceof VCenterError))
    return result.status >= 502 && result.status <= 504 ? 'failure' : 'success';
  switch (result.extensions.code) {
    case 'TIMED_OUT':
    case 'SERVICE_UNAVAILABLE':
      return 'failure';
    case 'CANCELED':
      return undefined;
    default:
      return 'success';
  }
}
