import { STATUS_CODES } from 'node:http';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { catalogue } from '../errors/catalogue.ts';
import type { Api } from '../errors/extensions.ts';
import type { TransportObserver } from '../vcenter/transport/observer.ts';
import type { OperationObserver } from './operation.ts';

/**
 * What is counted, in the format of Prometheus. Every label has a fixed set of values: neither a client nor an
 * upstream can add a series.
 */
export interface Metrics extends Required<TransportObserver>, OperationObserver {
  /** The media type of what `expose` returns. */
  readonly contentType: string;
  /** All metrics as they are now. */
  expose(): Promise<string>;
}

const apis: readonly Api[] = ['vapi', 'vim25'];

const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The codes of requests that are not executed, beside the catalogue's. */
const requestCodes = [
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
];

const codes: ReadonlySet<string> = new Set([...Object.keys(catalogue), ...requestCodes]);

/** The label of a code that is in no catalogue. */
const otherCode = 'OTHER';

/**
 * Creates the metrics of one server: its operations, its calls of vCenters, and Node.js's own of the process.
 *
 * @param vcenters - the ids of the configured vCenters, whose gauges are there from the start.
 */
export function createMetrics(vcenters: readonly string[]): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const common = { registers: [registry] };
  const ofApi = { ...common, labelNames: ['vcenter', 'api'] as const };

  const callSeconds = new Histogram({
    ...common,
    name: 'vcenter_call_duration_seconds',
    help: 'Duration of calls of a vCenter, to the end of the body or to the failure, by result: the HTTP status, or the code of the error where no whole response was received.',
    labelNames: ['vcenter', 'api', 'result'],
    buckets,
  });
  const inFlight = new Gauge({
    ...ofApi,
    name: 'vcenter_calls_in_flight',
    help: 'Calls of a vCenter that are in flight.',
  });
  const queued = new Gauge({
    ...ofApi,
    name: 'vcenter_calls_queued',
    help: 'Calls that wait for a connection to a vCenter.',
  });
  const shared = new Counter({
    ...ofApi,
    name: 'vcenter_calls_shared_total',
    help: 'Reads that were served by an identical call in flight.',
  });
  const circuitOpen = new Gauge({
    ...ofApi,
    name: 'vcenter_circuit_open',
    help: 'Whether the circuit breaker of a vCenter is open: 1 if calls fail at once, else 0.',
  });
  const certificateExpiry = new Gauge({
    ...common,
    name: 'vcenter_certificate_expiry_timestamp_seconds',
    help: 'When the certificate of a vCenter expires, as seen on the latest connection.',
    labelNames: ['vcenter'],
  });
  const operationSeconds = new Histogram({
    ...common,
    name: 'graphql_operation_duration_seconds',
    help: 'Duration of GraphQL operations by result: ok, partial, failed, or invalid where nothing was executed.',
    labelNames: ['result'],
    buckets,
  });
  const errors = new Counter({
    ...common,
    name: 'graphql_errors_total',
    help: 'Errors in GraphQL responses by code.',
    labelNames: ['code'],
  });
  const internalErrors = new Counter({
    ...common,
    name: 'graphql_internal_errors_total',
    help: 'Errors in GraphQL responses that are bugs of the subgraph. Its log has the cause of each.',
  });

  for (const vcenter of vcenters)
    for (const api of apis) {
      for (const gauge of [inFlight, queued, circuitOpen]) gauge.set({ vcenter, api }, 0);
      shared.inc({ vcenter, api }, 0);
    }
  for (const result of ['ok', 'partial', 'failed', 'invalid']) operationSeconds.zero({ result });
  for (const code of [...codes, otherCode]) errors.inc({ code }, 0);

  return {
    contentType: registry.contentType,
    expose: () => registry.metrics(),
    onStart: ({ vcenter, api }) => inFlight.inc({ vcenter, api }),
    onComplete({ vcenter, api, result, durationMs }) {
      inFlight.dec({ vcenter, api });
      callSeconds.observe({ vcenter, api, result: resultLabel(result) }, durationMs / 1000);
    },
    onShared: ({ vcenter, api }) => shared.inc({ vcenter, api }),
    onQueued: ({ vcenter, api, queued: count }) => queued.set({ vcenter, api }, count),
    onCircuit: ({ vcenter, api, open }) => circuitOpen.set({ vcenter, api }, open ? 1 : 0),
    onCertificate: ({ vcenter, expires }) =>
      certificateExpiry.set({ vcenter }, expires.getTime() / 1000),
    onOperation({ result, codes: counts, internalErrors: internal, durationMs }) {
      operationSeconds.observe({ result }, durationMs / 1000);
      for (const [code, count] of counts) errors.inc({ code: codeLabel(code) }, count);
      if (internal > 0) internalErrors.inc(internal);
    },
  };
}

/** An HTTP status of the registry as it is, another by its class, for example `5xx`. */
function resultLabel(result: string): string {
  if (STATUS_CODES[result] !== undefined || codes.has(result)) return result;
  return /^[1-9]\d\d$/.test(result) ? `${result[0]}xx` : otherCode;
}

function codeLabel(code: string): string {
  return codes.has(code) ? code : otherCode;
}
