/**
 * What the page may do. All of it is its own: nothing comes from another origin and nothing goes to one. The
 * editor, Monaco, sets style attributes and has its icons in a style sheet; no script is inline.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "worker-src 'self'",
  "connect-src 'self'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of the page's files, too: a worker's policy is the one that its own file came with. */
export const fileHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** Headers of the page. It names the newest files, so it is never kept. */
export const pageHeaders = {
  ...fileHeaders,
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  vary: 'accept',
} as const;
