import type { Api } from '../../errors/extensions.ts';
import { createErrorFactory, type ErrorFactory, type ErrorLog, noLog } from '../error-factory.ts';
import { bounded } from './bounded.ts';
import type { PromisedTransport, Transport } from './call.ts';
import { QueuedRequests } from './call-queue.ts';
import { circuitBreaker } from './circuit-breaker.ts';
import type { ConnectionOptions } from './connections.ts';
import { transportDefaults } from './defaults.ts';
import { createHttpTransport, type HttpTransport } from './http-transport.ts';
import { LongBodies } from './long-bodies.ts';
import { observed } from './observed.ts';
import { type CallRecorder, noObserver, type TransportObserver } from './observer.ts';
import { promised } from './promised.ts';
import { recorded } from './recorded.ts';
import { shared } from './shared.ts';
import { createConnector, type PeerVerification } from './tls.ts';

/** Where a vCenter is and how its calls are bounded. */
export interface TransportOptions extends PeerVerification {
  /** The vCenter's id, for errors. */
  readonly id: string;
  /** An `http:` or `https:` URL; its path is put before each call's. */
  readonly url: URL;
  /** For one call, from its start to the end of its body, in milliseconds. */
  readonly timeoutMs: number;
  /** How long an idle connection is kept, in milliseconds. Default: 60,000. */
  readonly keepAliveMs?: number;
  /** Connections for each API. Default: 64. */
  readonly maxConnections?: number;
  /** Calls for each API that wait for a connection. Default: 500. */
  readonly maxQueued?: number;
  /** Consecutive failures after which calls fail at once. Default: 10; 0: never. */
  readonly breakerFailures?: number;
  /** For how long calls then fail at once, in milliseconds. Default: 5,000. */
  readonly breakerResetMs?: number;
}

/** The observers of calls. */
export interface TransportObservers {
  /** Where operators read why calls fail. Default: nowhere. */
  readonly log?: ErrorLog | undefined;
  /** Counts calls. Default: none. */
  readonly metrics?: TransportObserver | undefined;
  /** Records calls for the operation that waits for them. Default: nothing. */
  readonly calls?: CallRecorder | undefined;
}

/** What carries all calls to one vCenter. */
export interface VCenterTransport extends PromisedTransport {
  /** Ends all calls and connections. */
  close(): Promise<void>;
}

/**
 * Creates the transport of a vCenter. Each API has its own connections, queue and circuit breaker, so that one
 * that hangs leaves the other's free.
 *
 * @param createError - creates the error of a call without a whole response.
 */
export function createTransport(
  options: TransportOptions,
  createError: ErrorFactory = createErrorFactory(options.id),
  { log = noLog, metrics = noObserver, calls }: TransportObservers = {},
): VCenterTransport {
  const { id: vcenter, keepAliveMs = transportDefaults.keepAliveMs } = options;
  const client: ConnectionOptions = {
    connect: createConnector(options, (expires) => metrics.onCertificate({ vcenter, expires })),
    allowH2: false,
    keepAliveTimeout: keepAliveMs,
    // A longer hint of the vCenter's changes nothing; a shorter one wins, less a second for the way.
    keepAliveMaxTimeout: keepAliveMs,
    keepAliveTimeoutThreshold: 1000,
    // The whole call has a deadline of its own.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  const senders: HttpTransport[] = [];
  const requests = new QueuedRequests();
  const longBodies = new LongBodies();

  function create(api: Api): Transport {
    const { url, timeoutMs } = options;
    const sender = createHttpTransport({
      vcenter,
      api,
      url,
      timeoutMs,
      client,
      longBodies,
      createError,
    });
    senders.push(sender);
    const breaker = circuitBreaker(observed(sender, vcenter, metrics), {
      vcenter,
      api,
      failures: options.breakerFailures ?? transportDefaults.breakerFailures,
      resetMs: options.breakerResetMs ?? transportDefaults.breakerResetMs,
      log,
      observer: metrics,
    });
    return bounded(breaker, {
      vcenter,
      api,
      timeoutMs,
      maxConnections: options.maxConnections ?? transportDefaults.maxConnections,
      maxQueued: options.maxQueued ?? transportDefaults.maxQueued,
      requests,
      observer: metrics,
    });
  }

  const apis: Record<Api, Transport> = { vapi: create('vapi'), vim25: create('vim25') };
  const byApi: Transport = { call: (call, onResult) => apis[call.api].call(call, onResult) };
  return {
    ...promised(recorded(shared(byApi, vcenter, metrics), vcenter, calls), vcenter),
    async close() {
      await Promise.all(senders.map((sender) => sender.close()));
    },
  };
}
