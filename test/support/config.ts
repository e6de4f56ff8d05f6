import { readConfig } from '../../src/config/config.ts';
import { ConfigError } from '../../src/config/config-error.ts';

/** The settings of a vCenter of which none is set, but its URL. */
export const vcenterDefaults = {
  id: 'default',
  release: '8.0.2.0',
  sessionManager: 'SessionManager',
  timeoutMs: 10_000,
  forwardAuthorization: false,
  keepAliveMs: 60_000,
  maxConnections: 64,
  maxQueued: 500,
  breakerFailures: 10,
  breakerResetMs: 5000,
};

/** The lines that name what is wrong with the settings; none where they can be used. */
export function problemsOf(environment: Readonly<Record<string, string>>): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}
