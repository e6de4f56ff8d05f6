import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What a client gets that does not have the secret. */
export const invalidSecretMessage = 'Missing or invalid x-router-secret header.';

/**
 * Whether a request has the secret of the router in `x-router-secret`.
 *
 * @param secret - undefined where none is configured: then every request has it.
 */
export function hasRouterSecret(headers: IncomingHttpHeaders, secret: string | undefined): boolean {
  if (secret === undefined) return true;
  const header = headers['x-router-secret'];
  if (typeof header !== 'string') return false;
  const received = Buffer.from(header);
  const expected = Buffer.from(secret);
  return received.length === expected.length && timingSafeEqual(received, expected);
}
