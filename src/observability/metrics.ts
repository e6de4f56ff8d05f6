import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { TransportObserver } from '../vcenter/transport/observer.ts';

/** What is counted, in the format of Prometheus. No label ever holds a token, a user or a session. */
export interface Metrics extends TransportObserver {
  /** The media type of what `expose` gives. */
  readonly contentType: string;
  /** All metrics as they are now. */
  expose(): Promise<string>;
}

/** Makes the metrics of one server: its calls of vCenters, and Node.js's own of the process. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const seconds = new Histogram({
    name: 'vcenter_call_duration_seconds',
    help: 'How long calls of a vCenter took, from their start to the end of the body or to the failure, by their result: the HTTP status, or the code of the error where no whole answer came.',
    labelNames: ['vcenter', 'api', 'result'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return {
    contentType: registry.contentType,
    expose: () => registry.metrics(),
    onComplete({ vcenter, api, result, durationMs }) {
      seconds.observe({ vcenter, api, result }, durationMs / 1000);
    },
  };
}
