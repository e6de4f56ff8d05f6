import { readFileSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import type { CheckOptions } from './check.ts';
import type { SimulateOptions } from './simulate.ts';
import { simulateHelp } from './simulate-help.ts';

/** The exit code of an unknown command or option, or of a value that cannot be used. */
const usageErrorCode = 2;

/** Runs the command that the arguments name; without one, `serve`. */
export async function run(args: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version are exits with 0; commander has printed everything.
    process.exitCode = error.exitCode === 0 ? 0 : usageErrorCode;
  }
}

/** Each command's code is loaded when it runs, so that a start loads nothing of the others. */
function createProgram(): Command {
  const program = new Command('vcenter-session-subgraph')
    .description('A Federation 2 GraphQL subgraph of the session APIs of VMware vCenter.')
    .version(readVersion())
    .exitOverride()
    .allowExcessArguments()
    .usage('[command] [options]')
    .action(async (_options, command: Command) => {
      const [unknown] = command.args;
      if (unknown !== undefined) command.error(`error: unknown command '${unknown}'`);
      await serve();
    });
  program
    .command('serve')
    .description('serve GraphQL, as the environment and CONFIG_FILE configure it (the default)')
    .allowExcessArguments(false)
    .action(serve);
  program
    .command('schema')
    .description('print the SDL, to publish it or to compose a supergraph')
    .allowExcessArguments(false)
    .action(async () => (await import('./print-schema.ts')).printSchema());
  addSimulate(program);
  addCheck(program);
  return program;
}

async function serve(): Promise<void> {
  await (await import('./serve.ts')).serve();
}

function addSimulate(program: Command): void {
  program
    .command('simulate')
    .description('serve a simulated vCenter')
    .allowExcessArguments(false)
    .option('--port <number>', 'port to listen on; 0: any free port', wholeNumber(65_535), 8989)
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .option('--separate-sessions', 'each API has sessions of its own, as in 8.0 U1 and U2', false)
    .option('--sessions <number>', "number of other users' sessions", wholeNumber(100_000), 0)
    .option(
      '--name <name>',
      "name of this vCenter, part of users' domains and of addresses",
      domainLabel,
    )
    .option(
      '--keep-alive-ms <number>',
      'time until an idle connection is closed',
      wholeNumber(86_400_000),
      120_000,
    )
    .option('--no-keep-alive-hint', 'send no Keep-Alive header')
    .addHelpText('after', simulateHelp)
    .action(async (options: SimulateOptions) => (await import('./simulate.ts')).simulate(options));
}

function addCheck(program: Command): void {
  program
    .command('check')
    .description(
      'check the way to each configured vCenter, and print what to do where a step fails',
    )
    .allowExcessArguments(false)
    .option('--json', 'print JSON instead of a table')
    .option('--vcenter <id>', 'check this vCenter only')
    .option('--token-stdin', 'try both APIs of a vCenter with the session token from stdin')
    .action(async (options: CheckOptions, command: Command) => {
      const { check, CheckUsageError } = await import('./check.ts');
      try {
        await check(options);
      } catch (error) {
        if (error instanceof CheckUsageError) command.error(`error: ${error.message}`);
        throw error;
      }
    });
}

function wholeNumber(most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= 0 && value <= most) return value;
    throw new InvalidArgumentError(`Expected a whole number from 0 to ${most}.`);
  };
}

function domainLabel(text: string): string {
  if (/^[a-z0-9-]{1,63}$/i.test(text)) return text;
  throw new InvalidArgumentError('Expected 1 to 63 letters, digits and hyphens.');
}

function readVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
