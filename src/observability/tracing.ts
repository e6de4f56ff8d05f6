import {
  type Context,
  context,
  defaultTextMapGetter,
  type Link,
  ProxyTracerProvider,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { RecordedCall } from '../vcenter/transport/observer.ts';
import type { OperationOutcome } from './operation.ts';

/** The spans of one request. */
export interface OperationTrace {
  readonly traceId: string;
  /** Starts the span of a call. @returns what ends it, with the call's result. */
  startCall(call: RecordedCall): (result: string) => void;
  /** Ends the spans of the operation and the request. */
  end(outcome: OperationOutcome, status: number | undefined): void;
}

/** Starts the spans of a request. */
export type StartTrace = (headers: Readonly<Record<string, unknown>>) => OperationTrace;

const name = 'vcenter-session-subgraph';

/**
 * Creates what starts the spans of requests, with the SDK that is registered in this process, whoever did so.
 *
 * @returns undefined where none is registered: then nothing is traced.
 */
export async function createTracing(): Promise<StartTrace | undefined> {
  const provider = trace.getTracerProvider();
  const tracer =
    provider instanceof ProxyTracerProvider
      ? provider.getDelegateTracer(name)
      : provider.getTracer(name);
  if (!tracer) return undefined;
  // Loaded only where it is needed.
  const { W3CTraceContextPropagator } = await import('@opentelemetry/core');
  const propagator = new W3CTraceContextPropagator();
  const inFlight = new Map<string, SpanContext>();
  return (headers) => {
    // An SDK that instruments HTTP has a span of the request already.
    const active = context.active();
    const hasRequest = trace.getSpan(active) !== undefined;
    const incoming = hasRequest
      ? active
      : propagator.extract(active, headers, defaultTextMapGetter);
    const request = hasRequest
      ? undefined
      : tracer.startSpan(
          'POST /graphql',
          { kind: SpanKind.SERVER, attributes: requestAttributes },
          incoming,
        );
    const outer = request ? trace.setSpan(incoming, request) : incoming;
    const operation = tracer.startSpan('GraphQL operation', {}, outer);
    const inner = trace.setSpan(outer, operation);
    return {
      traceId: operation.spanContext().traceId,
      startCall: (call) => startCall(call, tracer, inner, inFlight),
      end(outcome, status) {
        const [code] = outcome.codes.keys();
        if (outcome.operation) {
          const { name: operationName, type } = outcome.operation;
          operation.updateName(type);
          operation.setAttribute('graphql.operation.type', type);
          if (operationName !== undefined)
            operation.setAttribute('graphql.operation.name', operationName);
        }
        end(operation, code);
        if (!request) return;
        if (status !== undefined) request.setAttribute('http.response.status_code', status);
        end(request, status === undefined || status >= 500 ? code : undefined);
      },
    };
  };
}

const requestAttributes = {
  'http.request.method': 'POST',
  'http.route': '/graphql',
  'url.path': '/graphql',
};

/** Starts the span of a call; one that shares another's response is linked to it. */
function startCall(
  { vcenter, api, method, identity }: RecordedCall,
  tracer: Tracer,
  parent: Context,
  inFlight: Map<string, SpanContext>,
): (result: string) => void {
  const key = `${vcenter} ${identity()}`;
  const sent = method === 'GET' ? inFlight.get(key) : undefined;
  const links: Link[] = sent ? [{ context: sent }] : [];
  const attributes = {
    'http.request.method': method,
    'vcenter.id': vcenter,
    'vcenter.api': api,
    ...(sent && { 'vcenter.call.shared': true }),
  };
  const span = tracer.startSpan(
    `${method} ${api}`,
    { kind: SpanKind.CLIENT, attributes, links },
    parent,
  );
  if (!sent) inFlight.set(key, span.spanContext());
  return (result) => {
    if (!sent) inFlight.delete(key);
    const status = Number(result);
    if (status > 0) span.setAttribute('http.response.status_code', status);
    end(span, status < 400 ? undefined : result);
  };
}

function end(span: Span, errorType: string | undefined): void {
  if (errorType !== undefined) {
    span.setAttribute('error.type', errorType);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
