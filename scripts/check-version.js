/** Fails unless a release's tag, the packages and the chart have one version, and the changelog has it. */
import { readFileSync } from 'node:fs';

const read = (name) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
const { version } = JSON.parse(read('package.json'));
const [, chart] = /^version: (.*)$/m.exec(read('deploy/helm/Chart.yaml')) ?? [];
const found = {
  'the tag': process.argv[2]?.replace(/^v/, '') ?? version,
  'packages/errors/package.json': JSON.parse(read('packages/errors/package.json')).version,
  'deploy/helm/Chart.yaml': chart,
};
const wrong = Object.entries(found).filter(([, one]) => one !== version);
for (const [name, one] of wrong)
  console.error(`package.json has the version ${version}, but ${name} has ${one}.`);
if (!read('CHANGELOG.md').includes(`## [${version}]`)) {
  console.error(`CHANGELOG.md has no section for ${version}.`);
  process.exitCode = 1;
}
if (wrong.length > 0) process.exitCode = 1;
