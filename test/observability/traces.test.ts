import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { temporaryFile } from '../support/files.ts';
import { startProcess } from '../support/process.ts';
import { postQuery, startVCenter, token } from '../support/subgraph.ts';

const attribute = z.object({
  key: z.string(),
  value: z.object({
    stringValue: z.string().optional(),
    intValue: z.union([z.number(), z.string()]).optional(),
    boolValue: z.boolean().optional(),
  }),
});
const span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.number(),
  attributes: z.array(attribute),
  links: z.array(z.object({ spanId: z.string(), traceId: z.string() })).default([]),
});
const exported = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(attribute) }),
      scopeSpans: z.array(z.object({ spans: z.array(span) })),
    }),
  ),
});

/** A collector of OTLP over HTTP in JSON that keeps what it receives. */
async function startCollector() {
  const requests: { path: string; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      requests.push({ path: request.url ?? '', body });
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    spans: () =>
      requests.flatMap(({ body }) =>
        exported
          .parse(JSON.parse(body))
          .resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
          .map(({ attributes, ...rest }) => ({
            ...rest,
            attributes: Object.fromEntries(
              attributes.map(({ key, value }) => [key, Object.values(value)[0]]),
            ),
          })),
      ),
  };
}

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;

test('exports the request, the operation and each call, in the trace of the request', async () => {
  const collector = await startCollector();
  const vcenter = await startVCenter();
  vcenter.injectFault({ api: 'vapi', vapiError: 'SERVICE_UNAVAILABLE' });
  const subgraph = await startProcess({
    PORT: '0',
    GRAPHIQL: 'false',
    VCENTER_URL: vcenter.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  });
  await postQuery(
    `${subgraph.ready.url}/graphql`,
    'query Sessions { currentSession { user loginTime } }',
    { ...token('demo'), traceparent },
  );
  expect(await subgraph.stop('SIGTERM')).toBe(0);

  expect(collector.requests.map(({ path }) => path)).toEqual(['/v1/traces']);
  const spans = collector.spans();
  const named = (name: string) => spans.find((one) => one.name === name);
  const request = named('POST /graphql');
  const operation = named('query');
  expect(spans).toHaveLength(4);
  expect(new Set(spans.map((one) => one.traceId))).toEqual(new Set([traceId]));
  expect(request).toMatchObject({
    parentSpanId: '00f067aa0ba902b7',
    kind: 2,
    attributes: {
      'http.request.method': 'POST',
      'http.route': '/graphql',
      'http.response.status_code': 200,
    },
  });
  expect(operation).toMatchObject({
    parentSpanId: request?.spanId,
    attributes: {
      'graphql.operation.type': 'query',
      'graphql.operation.name': 'Sessions',
      'error.type': 'SERVICE_UNAVAILABLE',
    },
  });
  expect(named('GET vapi')).toMatchObject({
    parentSpanId: operation?.spanId,
    kind: 3,
    attributes: {
      'http.request.method': 'GET',
      'http.response.status_code': 503,
      'vcenter.id': 'default',
      'vcenter.api': 'vapi',
      'error.type': '503',
    },
  });
  expect(named('GET vim25')?.attributes).toEqual({
    'http.request.method': 'GET',
    'http.response.status_code': 200,
    'vcenter.id': 'default',
    'vcenter.api': 'vim25',
  });
  const line = subgraph.lines.find((text) => text.includes('"msg":"operation"')) ?? '{}';
  expect(JSON.parse(line)).toMatchObject({ traceId });
  expect(collector.requests[0]?.body).not.toContain('demo');
});

test('links a call that shares the response of another', async () => {
  const collector = await startCollector();
  const vcenter = await startVCenter();
  vcenter.injectFault({ latencyMs: 500 });
  const subgraph = await startProcess({
    PORT: '0',
    GRAPHIQL: 'false',
    VCENTER_URL: vcenter.url,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/v1/traces`,
  });
  const send = () =>
    postQuery(`${subgraph.ready.url}/graphql`, '{ currentSession { user } }', token('demo'));
  await Promise.all([send(), send()]);
  expect(await subgraph.stop('SIGTERM')).toBe(0);

  expect(vcenter.calls).toHaveLength(1);
  const calls = collector.spans().filter(({ name }) => name === 'GET vapi');
  const sent = calls.find(({ attributes }) => !attributes['vcenter.call.shared']);
  const shared = calls.find(({ attributes }) => attributes['vcenter.call.shared']);
  expect(calls).toHaveLength(2);
  expect(shared?.links).toMatchObject([{ spanId: sent?.spanId, traceId: sent?.traceId }]);
});

test("traces with the SDK that the process was started with, by Node.js's --import", async () => {
  const collector = await startCollector();
  const vcenter = await startVCenter();
  const { resolve } = createRequire(import.meta.url);
  const sdk = temporaryFile(
    'sdk.cjs',
    `const { trace } = require('${resolve('@opentelemetry/api')}');
     const { TracerProvider, SimpleSpanProcessor } = require('${resolve('@opentelemetry/sdk-trace')}');
     const { OTLPTraceExporter } = require('${resolve('@opentelemetry/exporter-trace-otlp-http')}');
     const exporter = new OTLPTraceExporter({ url: '${collector.url}/company' });
     const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
     trace.setGlobalTracerProvider(provider);
     process.on('beforeExit', () => provider.shutdown());`,
  );
  const subgraph = await startProcess({
    PORT: '0',
    GRAPHIQL: 'false',
    VCENTER_URL: vcenter.url,
    NODE_OPTIONS: `--import ${sdk}`,
  });
  await postQuery(`${subgraph.ready.url}/graphql`, '{ currentSession { user } }', token('demo'));
  expect(await subgraph.stop('SIGTERM')).toBe(0);
  expect(collector.requests[0]?.path).toBe('/company');
  expect(
    collector
      .spans()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['GET vapi', 'POST /graphql', 'query']);
});

test.each([
  ['no endpoint is set', {}],
  ['the SDK is disabled', { OTEL_SDK_DISABLED: 'true' }],
])('exports nothing where %s', async (_, environment) => {
  const collector = await startCollector();
  const vcenter = await startVCenter();
  const endpoint =
    'OTEL_SDK_DISABLED' in environment ? { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } : {};
  const subgraph = await startProcess({
    PORT: '0',
    GRAPHIQL: 'false',
    VCENTER_URL: vcenter.url,
    ...environment,
    ...endpoint,
  });
  await postQuery(`${subgraph.ready.url}/graphql`, '{ __typename }', { traceparent });
  expect(await subgraph.stop('SIGTERM')).toBe(0);
  expect(collector.requests).toEqual([]);
});
