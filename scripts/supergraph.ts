/** Starts the supergraph of `examples/supergraph`, whose packages it installs first where they are missing. */
import { parseArgs } from 'node:util';
import { installExample } from './install-example.ts';

const usage =
  'Usage: npm run supergraph -- [--gateway hive|apollo|none] [--supergraph FILE] [--intranet]';

try {
  // Checked here, so that nothing is installed for arguments that are wrong.
  const { values } = parseArgs({
    options: {
      gateway: { type: 'string', default: 'hive' },
      supergraph: { type: 'string' },
      intranet: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(usage);
  } else if (!['hive', 'apollo', 'none'].includes(values.gateway)) {
    throw new RangeError(
      `--gateway: expected hive, apollo or none, received "${values.gateway}". ${usage}`,
    );
  } else {
    await installExample();
    // By its URL: the example has its own packages and its own check of types.
    await import(new URL('../examples/supergraph/start.ts', import.meta.url).href);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
