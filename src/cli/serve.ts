import { type Config, readConfig } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import { drainOnSignal } from '../http/drain-on-signal.ts';
import { type ServerOptions, startServer } from '../http/server.ts';
import { InvalidCertificateError } from '../http/tls.ts';
import { startTracingSdk } from '../observability/tracing-sdk.ts';
import { describeListenError, isListenError, type NamedAddress } from './listen-error.ts';
import { withCredentials } from './systemd-credentials.ts';

/** Serves until a signal ends it. Settings that are wrong are reported on stderr, with exit code 1. */
export async function serve(): Promise<void> {
  try {
    const { simulated, ...settings } = readConfig(withCredentials(process.env));
    await using resources = new AsyncDisposableStack();
    let options: ServerOptions = settings;
    if (simulated) {
      const { startSimulator } = await import('../simulator/index.ts');
      const { url } = resources.use(await startSimulator());
      options = { ...settings, vcenters: [{ ...simulated, url: new URL(url) }], simulator: url };
    }
    const tracing = await startTracingSdk(process.env);
    if (tracing) resources.defer(() => tracing.shutdown());
    const server = await startServer(options).catch((error: unknown) => {
      throw isListenError(error)
        ? new ConfigError([describeListenError(error, addressesOf(settings))])
        : error;
    });
    resources.defer(() => server.close());
    process.exitCode = await drainOnSignal(server);
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof InvalidCertificateError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

function addressesOf({ host, port, admin }: Pick<Config, 'host' | 'port' | 'admin'>) {
  const main: NamedAddress = { host, port, names: { host: 'HOST', port: 'PORT' } };
  const names = { host: 'ADMIN_HOST', port: 'ADMIN_PORT' };
  return [main, ...(admin ? [{ ...admin, names }] : [])] as const;
}
