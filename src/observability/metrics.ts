import { STATUS_CODES } from 'node:http';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { catalogue } from '../errors/catalogue.ts';
import type { TransportObserver } from '../vcenter/transport/observer.ts';
import { type ApiCounters, createApiCounters } from './api-counters.ts';
import type { OperationObserver, OperationResult } from './operation.ts';
import { type Series, SeriesHistogram } from './series-histogram.ts';

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
  const counters = createApiCounters(vcenters);
  const labelNames = ['vcenter', 'api'] as const;

  const callSeconds = new SeriesHistogram({
    ...common,
    name: 'vcenter_call_duration_seconds',
    help: 'Duration of calls of a vCenter, to the end of the body or to the failure, by result: the HTTP status, or the code of the error where no whole response was received.',
    buckets,
  });
  const gauge = (name: string, help: string, read: (counters: ApiCounters) => number) =>
    new Gauge({
      ...common,
      name,
      help,
      labelNames,
      collect() {
        counters.expose(this, read);
      },
    });
  gauge(
    'vcenter_calls_in_flight',
    'Calls of a vCenter that are in flight.',
    ({ inFlight }) => inFlight,
  );
  gauge(
    'vcenter_calls_queued',
    'Calls that wait for a connection to a vCenter.',
    ({ queued }) => queued,
  );
  gauge(
    'vcenter_circuit_open',
    'Whether the circuit breaker of a vCenter is open: 1 if calls fail at once, else 0.',
    ({ open }) => (open ? 1 : 0),
  );
  new Counter({
    ...common,
    name: 'vcenter_calls_shared_total',
    help: 'Reads that were served by an identical call in flight.',
    labelNames,
    collect() {
      counters.expose(this, ({ shared }) => shared);
    },
  });
  const certificateExpiry = new Gauge({
    ...common,
    name: 'vcenter_certificate_expiry_timestamp_seconds',
    help: 'When the certificate of a vCenter expires, as seen on the latest connection.',
    labelNames: ['vcenter'],
  });
  const operationSeconds = new SeriesHistogram({
    ...common,
    name: 'graphql_operation_duration_seconds',
    help: 'Duration of GraphQL operations by result: ok, partial, failed, or invalid where nothing was executed.',
    buckets,
  });
  const operations: Readonly<Record<OperationResult, Series>> = {
    ok: operationSeconds.addSeries({ result: 'ok' }),
    partial: operationSeconds.addSeries({ result: 'partial' }),
    failed: operationSeconds.addSeries({ result: 'failed' }),
    invalid: operationSeconds.addSeries({ result: 'invalid' }),
  };
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

  for (const code of [...codes, otherCode]) errors.inc({ code }, 0);

  const durationsOf = ({ labels, durations }: ApiCounters, result: string): Series => {
    const existing = durations.get(result);
    if (existing) return existing;
    const label = resultLabel(result);
    const series = durations.get(label) ?? callSeconds.addSeries({ ...labels, result: label });
    durations.set(label, series);
    return series;
  };

  return {
    contentType: registry.contentType,
    expose: () => registry.metrics(),
    onStart({ vcenter, api }) {
      counters.get(vcenter, api).inFlight += 1;
    },
    onComplete({ vcenter, api, result, durationMs }) {
      const ofApi = counters.get(vcenter, api);
      ofApi.inFlight -= 1;
      durationsOf(ofApi, result).observe(durationMs / 1000);
    },
    onShared({ vcenter, api }) {
      counters.get(vcenter, api).shared += 1;
    },
    onQueued({ vcenter, api, queued }) {
      counters.get(vcenter, api).queued = queued;
    },
    onCircuit({ vcenter, api, open }) {
      counters.get(vcenter, api).open = open;
    },
    onCertificate: ({ vcenter, expires }) =>
      certificateExpiry.set({ vcenter }, expires.getTime() / 1000),
    onOperation({ result, codes: counts, internalErrors: internal, durationMs }) {
      operations[result].observe(durationMs / 1000);
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
