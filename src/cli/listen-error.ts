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

/** An address to listen on, and the names of the settings that it is from. */
export interface NamedAddress {
  readonly host: string;
  readonly port: number;
  readonly names: { readonly host: string; readonly port: string };
}

/** The line about an address that cannot be listened on. It names the one setting to change. */
export function describeListenError(
  error: ListenError,
  [first, ...others]: readonly [NamedAddress, ...NamedAddress[]],
): string {
  const isAbout = ({ host, port }: NamedAddress) =>
    error.hostname === undefined
      ? (error.port ?? 0) === port && (error.address === host || host === 'localhost')
      : error.hostname === host;
  const { host, port, names } = [first, ...others].find(isAbout) ?? first;
  if (error.code === 'EADDRINUSE' || error.code === 'EACCES') {
    const what = 'a port that is free, and that this user may listen on';
    return expected(names.port, what, String(port), error.message);
  }
  const what = 'a host name or an address of this machine';
  return expected(names.host, what, shown(host), error.message);
}
