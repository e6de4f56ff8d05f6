import type { Counter, Gauge } from 'prom-client';
import type { Api } from '../errors/extensions.ts';
import type { Series } from './series-histogram.ts';

/** What is counted of one API of one vCenter, in plain numbers: calls are frequent, scrapes are not. */
export interface ApiCounters {
  readonly labels: { readonly vcenter: string; readonly api: Api };
  inFlight: number;
  queued: number;
  shared: number;
  open: boolean;
  /** Durations by their result. */
  readonly durations: Map<string, Series>;
}

/** The counters of all APIs. */
export interface AllApiCounters {
  get(vcenter: string, api: Api): ApiCounters;
  /** Sets a metric from its counters; called before it is exposed. */
  expose(
    metric: Gauge<'vcenter' | 'api'> | Counter<'vcenter' | 'api'>,
    read: (counters: ApiCounters) => number,
  ): void;
}

/** Creates the counters of the APIs of the configured vCenters. */
export function createApiCounters(vcenters: readonly string[]): AllApiCounters {
  const byVCenter = new Map<string, Record<Api, ApiCounters>>();
  const add = (vcenter: string): Record<Api, ApiCounters> => {
    const create = (api: Api): ApiCounters => ({
      labels: { vcenter, api },
      inFlight: 0,
      queued: 0,
      shared: 0,
      open: false,
      durations: new Map(),
    });
    const added = { vapi: create('vapi'), vim25: create('vim25') };
    byVCenter.set(vcenter, added);
    return added;
  };
  vcenters.forEach(add);
  return {
    get: (vcenter, api) => (byVCenter.get(vcenter) ?? add(vcenter))[api],
    expose(metric, read) {
      metric.reset();
      for (const apis of byVCenter.values())
        for (const counters of [apis.vapi, apis.vim25]) metric.inc(counters.labels, read(counters));
    },
  };
}
