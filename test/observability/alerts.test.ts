import { readFileSync } from 'node:fs';
import { parser } from '@prometheus-io/lezer-promql';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { createMetrics } from '../../src/observability/metrics.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

const rules = z
  .object({
    groups: z.array(
      z.object({
        rules: z.array(
          z.object({
            alert: z.string(),
            expr: z.string(),
            annotations: z.object({ summary: z.string(), runbook: z.string() }),
          }),
        ),
      }),
    ),
  })
  .parse(parse(read('deploy/prometheus/alerts.yaml')))
  .groups.flatMap((group) => group.rules);

const dashboard = z
  .object({
    templating: z.object({ list: z.array(z.object({ name: z.string() })) }),
    panels: z.array(
      z.object({
        title: z.string(),
        targets: z.array(z.object({ expr: z.string(), legendFormat: z.string() })),
      }),
    ),
  })
  .parse(JSON.parse(read('deploy/grafana/dashboard.json')));

/** Labels that Prometheus adds to each series that it scrapes. */
const scrapeLabels = ['instance', 'job'];

/** What the process exposes once every series has been observed: label names by the name of a series. */
async function exposedSeries(): Promise<Map<string, Set<string>>> {
  const metrics = createMetrics(['berlin']);
  const call = { vcenter: 'berlin', api: 'vapi', result: '200', durationMs: 1 } as const;
  metrics.onStart(call);
  metrics.onComplete(call);
  metrics.onCertificate({ vcenter: 'berlin', expires: new Date() });
  const series = new Map<string, Set<string>>();
  for (const line of (await metrics.expose()).split('\n')) {
    const [, name, labels = ''] = /^([a-z]\w*)(?:\{(.*)\})? /.exec(line) ?? [];
    if (name === undefined) continue;
    const names = series.get(name) ?? new Set(scrapeLabels);
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) names.add(label);
    series.set(name, names);
  }
  return series;
}

/** The metrics and the labels that an expression uses, the syntax checked by Prometheus' own grammar. */
function usedBy(expression: string): { metrics: string[]; labels: string[] } {
  const text = expression.replace('$__rate_interval', '5m');
  const metrics: string[] = [];
  const labels: string[] = [];
  parser.parse(text).iterate({
    enter(node) {
      const { name, from, to } = node;
      if (node.type.isError) throw new SyntaxError(`not PromQL at ${from}: ${expression}`);
      if (name === 'Identifier') metrics.push(text.slice(from, to));
      if (name === 'LabelName') labels.push(text.slice(from, to));
    },
  });
  return { metrics, labels };
}

const used = [
  ...rules.map(({ alert, expr, annotations }) => ({
    name: `the alert ${alert}`,
    expr,
    shown: [...annotations.summary.matchAll(/\$labels\.(\w+)/g)].map(([, label = '']) => label),
  })),
  ...dashboard.panels.flatMap(({ title, targets }) =>
    targets.map(({ expr, legendFormat }) => ({
      name: `the panel ${title}`,
      expr,
      shown: [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label),
    })),
  ),
];

test.each(used)('$name uses only metrics and labels that are exposed', async ({ expr, shown }) => {
  const series = await exposedSeries();
  const { metrics, labels } = usedBy(expr);
  expect(metrics).not.toEqual([]);
  for (const metric of metrics) {
    const exposed = series.get(metric);
    expect(exposed, metric).toBeDefined();
    for (const label of [...labels, ...shown]) expect([...(exposed ?? [])]).toContain(label);
  }
});

test('each metric of vCenters and operations is in the dashboard', async () => {
  const own = [...(await exposedSeries()).keys()].filter((name) =>
    /^(?:vcenter|graphql)_/.test(name),
  );
  const metrics = new Set(own.map((name) => name.replace(/_(?:bucket|sum|count)$/, '')));
  const shown = dashboard.panels.flatMap(({ targets }) =>
    targets.flatMap(({ expr }) => usedBy(expr).metrics),
  );
  const names = new Set(shown.map((name) => name.replace(/_(?:bucket|sum|count)$/, '')));
  expect([...metrics].filter((name) => !names.has(name))).toEqual([]);
});

test('each alert has its section in docs/operations.md', () => {
  const headings = [...read('docs/operations.md').matchAll(/^#+ (.*)$/gm)].map(
    ([, title]) => title,
  );
  for (const { alert, annotations } of rules) {
    expect(headings).toContain(alert);
    expect(annotations.runbook).toBe(`docs/operations.md#${alert.toLowerCase()}`);
  }
});
