import { text } from 'node:stream/consumers';
import { readConfig } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import { tokenPattern } from '../vcenter/token.ts';
import { checkVCenter } from './check/check-vcenter.ts';
import { formatReports } from './check/table.ts';

/** The options of the command `check`. */
export interface CheckOptions {
  readonly json?: true;
  /** The id of the one vCenter to check. */
  readonly vcenter?: string;
  readonly tokenStdin?: true;
}

/** The options do not fit the settings: the exit code is that of a wrong option. */
export class CheckUsageError extends Error {}

/**
 * Checks every configured vCenter at once, and prints the results. The exit code is 1 where a step failed, or where
 * the settings cannot be used.
 *
 * @throws CheckUsageError.
 */
export async function check(options: CheckOptions): Promise<void> {
  try {
    const vcenters = selectVCenters(options);
    const token = options.tokenStdin ? await readToken() : undefined;
    const reports = await Promise.all(vcenters.map((vcenter) => checkVCenter(vcenter, token)));
    const isOk = reports.every((report) => report.ok);
    console.log(
      options.json
        ? JSON.stringify({ ok: isOk, vcenters: reports }, null, 2)
        : formatReports(reports),
    );
    if (!isOk) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

function selectVCenters({ vcenter: id, tokenStdin }: CheckOptions) {
  const { vcenters } = readConfig(process.env);
  if (vcenters.length === 0)
    throw new ConfigError([
      'VCENTER_URL is required: expected the URL of a vCenter, or CONFIG_FILE',
    ]);
  const selected = id === undefined ? vcenters : vcenters.filter((one) => one.id === id);
  const ids = vcenters.map((one) => one.id).join(', ');
  if (selected.length === 0)
    throw new CheckUsageError(`--vcenter expects the id of a configured vCenter (${ids}).`);
  // A token is sent to the vCenter that it is for, and to no other.
  if (tokenStdin && selected.length > 1)
    throw new CheckUsageError(`--token-stdin requires --vcenter with one of ${ids}.`);
  return selected;
}

async function readToken(): Promise<string> {
  const token = (await text(process.stdin)).trim();
  if (tokenPattern.test(token)) return token;
  throw new CheckUsageError('--token-stdin expects one token of visible ASCII characters.');
}
