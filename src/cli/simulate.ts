import { parseArgs } from 'node:util';
import { startSimulator } from '../simulator/index.ts';

const help = `Starts a vCenter simulator.

  --port N             port to listen on (default: 8989; 0: any free port)
  --host H             address to listen on (default: 127.0.0.1)
  --separate-sessions  each API has sessions of its own, as in 8.0 U1 and U2
  --sessions N         number of other users' sessions (default: 0)
  --name NAME          name of this vCenter, part of users' domains and of addresses
  --keep-alive-ms N    milliseconds after which an idle connection is closed (default: 120000)
  --no-keep-alive-hint responses have no Keep-Alive header
  --help               print this text

The administrator has a session with the token demo, and every user can log in with the password demo. Users
other than the administrator lack the privilege Sessions.TerminateSession: with this token, sessionList fails
with NoPermission:

  curl -X POST -u guest:demo http://127.0.0.1:8989/api/session

PUT injects a fault, or a list of faults, in place of those in force; GET lists them, DELETE ends them. This
one makes vAPI fail once:

  curl -X PUT http://127.0.0.1:8989/simulator/faults -d '{"api":"vapi","vapiError":"SERVICE_UNAVAILABLE","times":1}'

GET lists the latest calls, with digests in place of tokens; DELETE clears the log:

  curl http://127.0.0.1:8989/simulator/calls

docs/simulator.md has every fault.`;

interface Arguments {
  port: number;
  host: string;
  separateSessions: boolean;
  sessions: number;
  keepAliveMs: number;
  keepAliveHint: boolean;
  name?: string;
}

try {
  const given = readArguments(process.argv.slice(2));
  if (given === 'help') console.log(help);
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
      'keep-alive-ms': { type: 'string', default: '120000' },
      'no-keep-alive-hint': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  return {
    port: wholeNumber('--port', values.port, 65_535),
    host: values.host,
    separateSessions: values['separate-sessions'],
    sessions: wholeNumber('--sessions', values.sessions, 100_000),
    keepAliveMs: wholeNumber('--keep-alive-ms', values['keep-alive-ms'], 86_400_000),
    keepAliveHint: !values['no-keep-alive-hint'],
    ...(values.name !== undefined && { name: domainLabel('--name', values.name) }),
  };
}

function wholeNumber(name: string, text: string, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 0 && value <= max) return value;
  throw new Error(`${name}: expected an integer from 0 to ${max}, received '${text}'.`);
}

function domainLabel(name: string, text: string): string {
  if (/^[a-z0-9-]{1,63}$/i.test(text)) return text;
  throw new Error(`${name}: expected 1 to 63 letters, digits or hyphens, received '${text}'.`);
}

async function run(given: Arguments): Promise<void> {
  const simulator = await startSimulator(given);
  console.log(JSON.stringify({ msg: 'ready', url: simulator.url }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void simulator.close());
}
