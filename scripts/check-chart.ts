/**
 * Checks the Helm chart: lint, rendering with each file of `deploy/helm/ci`, and validation of what is rendered
 * against the schemas of Kubernetes. Installs what it needs where it is missing: helm by Go, the
 * schemas by pip.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';

const root = fileURLToPath(new URL('..', import.meta.url));
const chart = join(root, 'deploy/helm');
const venv = join(root, '.cache/kubernetes-validate');
const kubernetesVersion = '1.34.0';
/** Kinds of the operator of Prometheus, which Kubernetes has no schemas of. */
const customKinds = ['ServiceMonitor', 'PrometheusRule'];

const helm = findHelm();
const validate = installValidator();

for (const name of readdirSync(join(chart, 'ci'))) {
  const values = join(chart, 'ci', name);
  const options = ['--values', values, '--kube-version', kubernetesVersion];
  run(helm, ['lint', '--quiet', '--strict', chart, ...options]);
  const documents = parseAllDocuments(run(helm, ['template', 'release', chart, ...options])).filter(
    (document) => document.contents !== null,
  );
  const kinds = documents.map((document) => String(document.get('kind')));
  const known = documents.filter((_, index) => !customKinds.includes(kinds[index] ?? ''));
  const rendered = join(root, '.cache', `chart-${name}`);
  writeFileSync(rendered, known.map((document) => `---\n${String(document)}`).join(''));
  run(validate, ['--strict', '--quiet', rendered]);
  console.log(`ok     ${name}: ${kinds.join(', ')}`);
}

function findHelm(): string {
  for (const candidate of ['helm', join(homedir(), 'go/bin/helm')])
    if (canRun(candidate, ['version'])) return candidate;
  console.log('Installing helm with Go (about a minute, once).');
  run('go', ['install', 'helm.sh/helm/v3/cmd/helm@v3.22.0']);
  return join(run('go', ['env', 'GOPATH']).trim(), 'bin/helm');
}

function installValidator(): string {
  const command = join(venv, 'bin/kubernetes-validate');
  if (!existsSync(command)) {
    run('python3', ['-m', 'venv', venv]);
    run(join(venv, 'bin/pip'), ['install', '--quiet', 'kubernetes-validate==1.37.0']);
  }
  return command;
}

function canRun(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function run(command: string, args: readonly string[]): string {
  return execFileSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}
