import type { Api } from '../../errors/extensions.ts';
import { VCenterError } from '../../errors/vcenter-error.ts';
import type { Transport, UpstreamResponse } from './call.ts';
import { CanceledCallError, CircuitOpenError } from './errors.ts';
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
  readonly log:
    | { info(details: object, message: string): void; warn(details: object, message: string): void }
    | undefined;
  readonly observer: TransportObserver | undefined;
}

/** What a call shows of its vCenter. A call that was cancelled shows nothing. */
type Outcome = 'success' | 'failure' | 'none';

/**
 * Fails calls at once while a vCenter is down: with `SERVICE_UNAVAILABLE`, after so many consecutive calls
 * without an HTTP response or with 502, 503 or 504. After a while one call is let through, and its result
 * decides. Responses about the user (401, 403, faults) are successes.
 *
 * It stands behind the queue: a call that waits fails as soon as its turn comes, and all turns come at once,
 * since no call that fails here holds a connection.
 */
export function circuitBreaker(inner: Transport, options: CircuitBreakerOptions): Transport {
  const { vcenter, api, resetMs, log, observer } = options;
  if (options.failures === 0) return inner;
  let failures = 0;
  let openedAt: number | undefined;
  let probing = false;

  const createError = () =>
    new VCenterError(vcenter, api, 'SERVICE_UNAVAILABLE', { cause: new CircuitOpenError() });

  function record(outcome: Outcome, isProbe: boolean): void {
    if (isProbe) probing = false;
    // What was sent before it opened decides nothing any more.
    if (outcome === 'none' || (openedAt !== undefined && !isProbe)) return;
    if (outcome === 'success') {
      failures = 0;
      if (openedAt === undefined) return;
      openedAt = undefined;
      observer?.onCircuit?.({ vcenter, api, open: false });
      log?.info({ vcenter, api }, 'vCenter is available again: circuit breaker closed');
      return;
    }
    failures += 1;
    if (failures < options.failures) return;
    const wasClosed = openedAt === undefined;
    openedAt = performance.now();
    if (!wasClosed) return;
    observer?.onCircuit?.({ vcenter, api, open: true });
    log?.warn({ vcenter, api, failures }, 'vCenter is not available: circuit breaker opened');
  }

  return {
    call(call, signal) {
      const isProbe = openedAt !== undefined;
      if (openedAt !== undefined) {
        if (probing || performance.now() < openedAt + resetMs) return Promise.reject(createError());
        probing = true;
      }
      const response = inner.call(call, signal);
      response.then(
        (received) => record(outcomeOf(received), isProbe),
        (error: unknown) => record(outcomeOfError(error), isProbe),
      );
      return response;
    },
  };
}

function outcomeOf({ status }: UpstreamResponse): Outcome {
  return status >= 502 && status <= 504 ? 'failure' : 'success';
}

function outcomeOfError(error: unknown): Outcome {
  if (!(error instanceof VCenterError)) return 'none';
  if (error.cause instanceof CanceledCallError) return 'none';
  const { code } = error.extensions;
  return code === 'TIMED_OUT' || code === 'SERVICE_UNAVAILABLE' ? 'failure' : 'success';
}
