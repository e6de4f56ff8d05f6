import { print } from 'graphql';
import { createSubgraph, readTypeDefs } from '../graphql/subgraph.ts';

/**
 * Prints the subgraph's SDL, with its `@link`, its directives and its descriptions, as `rover subgraph publish`,
 * `wgc subgraph publish` and `hive schema:publish` read it. An SDL that makes no subgraph is not printed: the
 * exit code is 1, with the reason on stderr.
 */
export function printSchema(): void {
  try {
    createSubgraph();
    process.stdout.write(`${print(readTypeDefs())}\n`);
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`${String(error)}\n`);
  }
}
