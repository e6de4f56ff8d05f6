import { ZodError } from 'zod';
import type { Code } from '../errors/catalogue.ts';
import { VCenterError } from '../errors/vcenter-error.ts';

/** Why a request of the page was refused. The message is for the user. */
export class LoginError extends Error {
  readonly status: number;
  readonly code: Code;

  constructor(status: number, code: Code, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Converts what was thrown to an error that the page may show: the message is the vCenter's or fixed, never a value. */
export function toLoginError(error: unknown): LoginError {
  if (error instanceof LoginError) return error;
  if (error instanceof VCenterError) {
    const { code } = error.extensions;
    return new LoginError(statuses[code] ?? 502, code, error.message);
  }
  if (error instanceof ZodError)
    return new LoginError(400, 'BAD_USER_INPUT', sentence(error.issues[0]?.message));
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status === 429)
    return new LoginError(
      429,
      'RESOURCE_BUSY',
      'Too many attempts: wait a minute, then try again.',
    );
  if (status === 413)
    return new LoginError(413, 'BAD_USER_INPUT', 'The body is too large for a login.');
  if (status === 415)
    return new LoginError(415, 'BAD_USER_INPUT', 'The body must be application/json.');
  if (status >= 400 && status < 500)
    return new LoginError(status, 'BAD_USER_INPUT', 'The body must be valid JSON.');
  return new LoginError(500, 'INTERNAL_SERVER_ERROR', 'Internal server error.');
}

/** The HTTP statuses of codes that have one. Any other is a failed vCenter: 502. */
const statuses: Partial<Record<Code, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  RESOURCE_BUSY: 429,
  SERVICE_UNAVAILABLE: 503,
  TIMED_OUT: 504,
};

function sentence(text = 'the request cannot be used'): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
