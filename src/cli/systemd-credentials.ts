import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The credential of systemd's `LoadCredential=` that is the setting `ROUTER_SECRET`. */
const credential = 'router-secret';

/**
 * The environment with `ROUTER_SECRET` from systemd's credential `router-secret`, where the unit loads one and
 * the variable is not set.
 */
export function withCredentials(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const directory = environment['CREDENTIALS_DIRECTORY'];
  if (!directory || environment['ROUTER_SECRET']) return environment;
  try {
    const secret = readFileSync(join(directory, credential), 'utf8').trim();
    return { ...environment, ROUTER_SECRET: secret };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return environment;
    throw error;
  }
}
