import type { IncomingHttpHeaders } from 'node:http';

const printableAscii = /^[\x20-\x7e]{1,256}$/;

/**
 * Reads the languages of a request, which are forwarded to a vCenter.
 *
 * @returns `Accept-Language`, or undefined where it is not there or is none.
 */
export function readAcceptLanguage(headers: IncomingHttpHeaders): string | undefined {
  return printableAscii.exec(headers['accept-language'] ?? '')?.[0];
}
