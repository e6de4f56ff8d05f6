/**
 * Runs each router whose binary is named in the environment with its recipe of `examples/routers`, in front of
 * vcenter-session and the other subgraphs of the example, and checks what docs/supergraph.md promises of it.
 * Everything listens on free ports of 127.0.0.1. The result is printed, and written into docs/supergraph.md.
 *
 *     APOLLO_ROUTER=… HIVE_ROUTER=… COSMO_ROUTER=… npm run test:routers
 *
 * The exit code is 1 where a check fails or no router is named.
 */
import { installExample } from './install-example.ts';
import type { Check } from './routers/check.ts';
import { checks, compressionCheck, http2Checks, renamedChecks } from './routers/checks.ts';
import { type Company, ROUTER_SECRET, startCompany } from './routers/company.ts';
import { numberChecks } from './routers/number-checks.ts';
import { type RouterResult, toTable, writeReport } from './routers/report.ts';
import { type Router, routers, type StartOptions } from './routers/routers.ts';
import { secretChecks } from './routers/secret-checks.ts';

const found = routers.flatMap((router) => {
  const binary = process.env[router.variable];
  return binary ? [{ router, binary }] : [];
});
if (found.length === 0) {
  console.error('No router to test. Set at least one of these to the path of its binary:');
  for (const { name, variable, install } of routers)
    console.error(`  ${variable} (${name}): ${install}`);
  process.exit(1);
}

await installExample();
const results: RouterResult[] = [];
for (const { router, binary } of found) {
  const version = await router.version(binary);
  console.log(`${router.name} ${version}`);
  const usual = [
    ...checks,
    ...numberChecks,
    ...secretChecks,
    ...(router.compression ? [compressionCheck] : []),
    ...(router.http2 ? http2Checks : []),
  ];
  const outcomes = new Map([
    ...(await runAll(router, binary, usual)),
    ...(await runAll(router, binary, renamedChecks, { intranet: true })),
  ]);
  results.push({ router: `${router.name} ${version}`, checks: outcomes });
}
await writeReport(results);
console.log(`\n${toTable(results)}`);
const passed = results.every((result) =>
  [...result.checks.values()].every((check) => check.passed),
);
process.exitCode = passed ? 0 : 1;

async function runAll(
  router: Router,
  binary: string,
  all: readonly Check[],
  { intranet = false } = {},
): Promise<RouterResult['checks']> {
  await using company = await startCompany({ intranet });
  const { subgraphs } = company;
  await using running = await router.start(binary, { subgraphs, secret: ROUTER_SECRET });
  const start = (options: StartOptions) => router.start(binary, options);
  const outcomes = new Map<string, { passed: boolean; seen?: string }>();
  for (const check of all) {
    reset(company);
    try {
      const seen = await check.run({ company, router, url: running.url, start });
      outcomes.set(check.name, { passed: true, ...(seen !== undefined && { seen }) });
      console.log(`  passed ${check.name}${seen === undefined ? '' : `: ${seen}`}`);
    } catch (error) {
      outcomes.set(check.name, { passed: false });
      console.log(`  FAILED ${check.name}\n${String(error)}`);
    }
  }
  return outcomes;
}

/** No check sees what an earlier one did. */
function reset({ berlin, lisbon, others }: Company): void {
  for (const vcenter of [berlin, lisbon]) {
    vcenter.clearFaults();
    vcenter.clearCalls();
  }
  for (const { requests } of others.values()) requests.length = 0;
}
