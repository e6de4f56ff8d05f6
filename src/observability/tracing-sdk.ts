import { trace } from '@opentelemetry/api';

/** The environment, as far as OpenTelemetry's specification is read here; the rest its SDK reads. */
type Environment = Readonly<Record<string, string | undefined>>;

/** A registered SDK. */
export interface TracingSdk {
  /** Exports what is left. */
  shutdown(): Promise<void>;
}

/**
 * Loads and registers OpenTelemetry's SDK where the environment names an endpoint for traces.
 *
 * @returns undefined where it does not, or where another SDK is registered already: nothing was loaded.
 */
export async function startTracingSdk(environment: Environment): Promise<TracingSdk | undefined> {
  const endpoint =
    environment['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || environment['OTEL_EXPORTER_OTLP_ENDPOINT'];
  const disabled =
    environment['OTEL_SDK_DISABLED'] === 'true' || environment['OTEL_TRACES_EXPORTER'] === 'none';
  if (!endpoint || disabled) return undefined;
  const [sdk, { OTLPTraceExporter }, resources] = await Promise.all([
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const { BatchSpanProcessor, TracerProvider } = sdk;
  const service = resources.resourceFromAttributes({
    'service.name': environment['OTEL_SERVICE_NAME'] || 'vcenter-session-subgraph',
  });
  const detected = resources.detectResources({ detectors: [resources.envDetector] });
  const provider = new TracerProvider({
    resource: resources.defaultResource().merge(detected).merge(service),
    sampler: createSampler(sdk, environment),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter(),
        scheduledDelayMillis: Number(environment['OTEL_BSP_SCHEDULE_DELAY'] || 5000),
      }),
    ],
  });
  if (!trace.setGlobalTracerProvider(provider)) return undefined;
  return { shutdown: () => provider.shutdown() };
}

/** `OTEL_TRACES_SAMPLER`. Default: `parentbased_always_on`. */
function createSampler(sdk: typeof import('@opentelemetry/sdk-trace'), environment: Environment) {
  const sampler = environment['OTEL_TRACES_SAMPLER'] || 'parentbased_always_on';
  const root = sampler.endsWith('always_off')
    ? new sdk.AlwaysOffSampler()
    : sampler.endsWith('traceidratio')
      ? new sdk.TraceIdRatioBasedSampler(Number(environment['OTEL_TRACES_SAMPLER_ARG'] || 1))
      : new sdk.AlwaysOnSampler();
  return sampler.startsWith('parentbased_') ? new sdk.ParentBasedSampler({ root }) : root;
}
