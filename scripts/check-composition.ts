/**
 * Composes this subgraph in the three composers that routers are fed from, alone and together with the
 * subgraphs of `examples/supergraph`, and exits with 1 if one of them has an error, or a hint about this
 * subgraph's schema.
 *
 *     node scripts/check-composition.ts [an SDL file to check in the place of this subgraph's]
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GraphQLError, parse, print } from 'graphql';
import { readTypeDefs } from '../src/graphql/subgraph.ts';
import { type Composer, composers, isAbout, type SubgraphSdl } from './composers.ts';

/** The name that the router configurations in `examples/routers` have for this subgraph. */
const NAME = 'vcenter-session';
const EXAMPLES = join(import.meta.dirname, '..', 'examples', 'supergraph');

const [file] = process.argv.slice(2);
const ours: SubgraphSdl = {
  name: NAME,
  sdl: file === undefined ? print(readTypeDefs()) : readSdl(file),
};
const company = ['people', 'audit'].map(
  (name): SubgraphSdl => ({
    name,
    sdl: readFileSync(join(EXAMPLES, name, `${name}.graphql`), 'utf8'),
  }),
);

try {
  parse(ours.sdl);
  for (const composer of composers) {
    for (const subgraphs of [[ours], [ours, ...company]]) report(composer, subgraphs);
  }
} catch (error) {
  if (!(error instanceof GraphQLError)) throw error;
  process.exitCode = 1;
  console.log(`FAILED ${error.message}`);
}

/** Exits with 1, and a line with the reason, where the file cannot be read. */
function readSdl(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

function report(composer: Composer, subgraphs: readonly SubgraphSdl[]): void {
  const findings = composer.compose(subgraphs);
  const counted = findings.filter((finding) => isAbout(finding, NAME));
  if (counted.length > 0) process.exitCode = 1;
  const names = subgraphs.map(({ name }) => name).join(' + ');
  console.log(`${counted.length > 0 ? 'FAILED' : 'ok    '} ${composer.name}: ${names}`);
  for (const finding of findings) {
    console.log(
      `       ${counted.includes(finding) ? '' : 'not ours: '}${finding.level}: ${finding.message}`,
    );
  }
}
