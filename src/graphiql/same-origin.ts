import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a request comes from the page that this server served, and not from another site's page in the
 * same browser.
 *
 * Three things must hold: the custom header is there, which no other site can send without a permission that
 * is never given; the Origin is the requested host; and the browser, where it sends
 * `Sec-Fetch-Site`, reports the same origin. The scheme isn't compared, since TLS may end in front of this server.
 */
export function isFromOwnPage(headers: IncomingHttpHeaders): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (headers['x-graphiql'] !== '1') return false;
  if (site !== undefined && site !== 'same-origin') return false;
  const requested = URL.parse(`http://${host}`)?.host;
  return requested !== undefined && origin !== undefined && URL.parse(origin)?.host === requested;
}
