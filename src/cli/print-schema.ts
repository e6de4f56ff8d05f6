import { print } from 'graphql';
import { readConfig } from '../config/config.ts';
import { createSubgraph, readTypeDefs } from '../graphql/subgraph.ts';

/**
 * Prints the subgraph's SDL, with its `@link`, its directives and its descriptions, as `rover subgraph publish`,
 * `wgc subgraph publish` and `hive schema:publish` expect it. `SCHEMA_RENAME`, and `schemaRename` of
 * `CONFIG_FILE`, apply. An SDL that makes no subgraph is not printed: the exit code is 1, with the reason on
 * stderr.
 */
export function printSchema(): void {
  try {
    const { SCHEMA_RENAME, CONFIG_FILE } = process.env;
    const { schemaRename: rename } = readConfig({ SCHEMA_RENAME, CONFIG_FILE });
    createSubgraph({ rename });
    process.stdout.write(`${print(readTypeDefs(rename))}\n`);
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
}
