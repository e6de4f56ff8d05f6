import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a request comes from the page that this server served, and not from another site's page in the
 * same browser.
 *
 * Three things must hold: the custom header is there, which no other site can send without a permission that
 * is never given; the Origin is the host that was asked; and the browser, where it says so, calls the two the
 * same origin. The scheme isn't compared, since TLS may end in front of this server.
 */
export function isFromOwnPage(headers: IncomingHttpHeaders): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (headers['x-graphiql'] !== '1') return false;
  if (site !== undefined && site !== 'same-origin') return false;
  const asked = URL.parse(`http://${host}`)?.host;
  return asked !== undefined && origin !== undefined && URL.parse(origin)?.host === asked;
}
