import type { Config } from '../config/config.ts';
import { expected, shown } from '../config/config-error.ts';

/** Node.js's error where an address cannot be resolved or listened on. */
export interface ListenError extends NodeJS.ErrnoException {
  /** The address that it was to listen on, where the name was resolved. */
  readonly address?: string;
  /** Absent where it is 0. */
  readonly port?: number;
  /** The name that was not resolved. */
  readonly hostname?: string;
}

/** Whether an error is about an address to listen on. */
export function isListenError(error: unknown): error is ListenError {
  const { syscall } = Object(error) as NodeJS.ErrnoException;
  return error instanceof Error && (syscall === 'listen' || syscall === 'getaddrinfo');
}

/** The line about an address that cannot be listened on. It names the one setting to change. */
export function describeListenError(
  error: ListenError,
  { host, port, admin }: Pick<Config, 'host' | 'port' | 'admin'>,
): string {
  const isAdmin = admin !== undefined && isAbout(error, admin) && !isAbout(error, { host, port });
  const [prefix, address] = isAdmin ? ['ADMIN_', admin] : ['', { host, port }];
  if (error.code === 'EADDRINUSE' || error.code === 'EACCES') {
    const what = 'a port that is free, and that this user may listen on';
    return expected(`${prefix}PORT`, what, String(address.port), error.message);
  }
  const what = 'a host name or an address of this machine';
  return expected(`${prefix}HOST`, what, shown(address.host), error.message);
}

function isAbout(
  error: ListenError,
  { host, port }: { readonly host: string; readonly port: number },
): boolean {
  if (error.hostname !== undefined) return error.hostname === host;
  return (error.port ?? 0) === port && (error.address === host || host === 'localhost');
}
