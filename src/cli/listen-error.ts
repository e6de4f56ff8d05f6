import { expected, shown } from '../config/config-error.ts';

/** The error of Node.js where an address to listen on cannot be resolved or used. */
export interface ListenError extends NodeJS.ErrnoException {
  /** The address to listen on. Absent where its name cannot be resolved. */
  readonly address?: string;
  /** The port to listen on. Absent where it is 0. */
  readonly port?: number;
  /** The name that cannot be resolved. */
  readonly hostname?: string;
}

/** Whether an error is about an address to listen on. */
export function isListenError(error: unknown): error is ListenError {
  const { syscall } = Object(error) as NodeJS.ErrnoException;
  return error instanceof Error && (syscall === 'listen' || syscall === 'getaddrinfo');
}

/** An address to listen on, and the names of its settings. */
export interface NamedAddress {
  readonly host: string;
  readonly port: number;
  readonly names: { readonly host: string; readonly port: string };
}

/**
 * Describes why the server cannot listen, in one line with the setting to change.
 *
 * @param addresses - those that the server listens on. The error is about the first where it fits none.
 */
export function describeListenError(
  error: ListenError,
  addresses: readonly [NamedAddress, ...NamedAddress[]],
): string {
  const isAbout = ({ host, port }: NamedAddress) =>
    error.hostname === undefined
      ? (error.port ?? 0) === port && (error.address === host || host === 'localhost')
      : error.hostname === host;
  const { host, port, names } = addresses.find(isAbout) ?? addresses[0];
  if (error.code === 'EADDRINUSE' || error.code === 'EACCES') {
    const what = 'a port that is free, and that this user may listen on';
    return expected(names.port, what, String(port), error.message);
  }
  const what = 'a host name or an address of this machine';
  return expected(names.host, what, shown(host), error.message);
}
