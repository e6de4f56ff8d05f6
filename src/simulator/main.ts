import { parseArgs } from 'node:util';
import { startSimulator } from './simulator.ts';

const HELP = `Starts a simulated vCenter.

  --port N             where it listens (default: 8989; 0: any free port)
  --host H             the address it listens on (default: 127.0.0.1)
  --separate-sessions  each API keeps sessions of its own, as in 8.0 U1 and U2
  --sessions N         how many sessions of other people are there (default: 0)
  --help               this text

The token demo is known, and any user name with the password demo.`;

interface Arguments {
  port: number;
  host: string;
  separateSessions: boolean;
  sessions: number;
}

try {
  const given = readArguments(process.argv.slice(2));
  if (given === 'help') console.log(HELP);
  else await run(given);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function readArguments(args: string[]): Arguments | 'help' {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '8989' },
      host: { type: 'string', default: '127.0.0.1' },
      'separate-sessions': { type: 'boolean', default: false },
      sessions: { type: 'string', default: '0' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  return {
    port: wholeNumber('--port', values.port, 65_535),
    host: values.host,
    separateSessions: values['separate-sessions'],
    sessions: wholeNumber('--sessions', values.sessions, 100_000),
  };
}

function wholeNumber(name: string, text: string, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 0 && value <= most) return value;
  throw new Error(`${name} takes a whole number from 0 to ${most}, not '${text}'.`);
}

async function run(given: Arguments): Promise<void> {
  const simulator = await startSimulator(given);
  console.log(JSON.stringify({ msg: 'ready', url: simulator.url }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void simulator.close());
}
