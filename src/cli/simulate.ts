import { parseArgs } from 'node:util';
import { startSimulator } from '../simulator/index.ts';

const HELP = `Starts a simulated vCenter.

  --port N             where it listens (default: 8989; 0: any free port)
  --host H             the address it listens on (default: 127.0.0.1)
  --separate-sessions  each API keeps sessions of its own, as in 8.0 U1 and U2
  --sessions N         how many sessions of other people are there (default: 0)
  --name NAME          a name that shows in users' domains and in addresses, to tell two apart
  --help               this text

The token demo, of an administrator's session, is known, and any user name with the password demo. Users
other than the administrator lack the privilege Sessions.TerminateSession, so that reading everyone's sessions
fails with NoPermission for whoever has the token of this:

  curl -X POST -u guest:demo http://127.0.0.1:8989/api/session

Faults are ordered by PUT, one or a list of them, listed by GET and ended by DELETE. This one lets vAPI fail
once:

  curl -X PUT http://127.0.0.1:8989/simulator/faults -d '{"api":"vapi","vapiError":"SERVICE_UNAVAILABLE","times":1}'

The latest calls are listed by GET, with digests in the place of tokens, and forgotten by DELETE:

  curl http://127.0.0.1:8989/simulator/calls`;

interface Arguments {
  port: number;
  host: string;
  separateSessions: boolean;
  sessions: number;
  name?: string;
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
      name: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  return {
    port: wholeNumber('--port', values.port, 65_535),
    host: values.host,
    separateSessions: values['separate-sessions'],
    sessions: wholeNumber('--sessions', values.sessions, 100_000),
    ...(values.name !== undefined && { name: domainLabel('--name', values.name) }),
  };
}

function wholeNumber(name: string, text: string, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 0 && value <= most) return value;
  throw new Error(`${name} takes a whole number from 0 to ${most}, not '${text}'.`);
}

function domainLabel(name: string, text: string): string {
  if (/^[a-z0-9-]{1,63}$/i.test(text)) return text;
  throw new Error(`${name} takes 1 to 63 letters, digits and hyphens, not '${text}'.`);
}

async function run(given: Arguments): Promise<void> {
  const simulator = await startSimulator(given);
  console.log(JSON.stringify({ msg: 'ready', url: simulator.url }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void simulator.close());
}
