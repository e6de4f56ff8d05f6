import { expect } from 'vitest';

/** Waits until a metric of a subgraph, or the sum of it over all of its labels, has a value. */
export async function waitForMetric(url: string, name: string, value: number): Promise<void> {
  await expect.poll(() => readMetric(url, name), { interval: 10, timeout: 10_000 }).toBe(value);
}

/** The value of a metric of a subgraph, with or without labels: summed over all others. */
export async function readMetric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return text
    .split('\n')
    .filter((line) => line.startsWith(name) && /^[ {]/.test(line.slice(name.length)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}
