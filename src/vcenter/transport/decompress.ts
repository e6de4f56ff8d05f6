import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { asError } from '../../errors/as-error.ts';
import { ResponseTooLargeError, systemCode } from './errors.ts';

const decoders = new Map([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
]);

/**
 * Decompresses a body. No compression was requested, but a proxy in between may compress it.
 *
 * @param encoding - the value of `Content-Encoding`.
 * @param maxBytes - how large the decompressed body may be.
 * @returns undefined where its bytes do not match the encoding, or the encoding is unknown.
 * @throws ResponseTooLargeError
 */
export async function decompress(
  body: Buffer,
  encoding: string,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const name = encoding.trim().toLowerCase();
  // Some proxies send Content-Encoding without a body.
  if (name === 'identity' || name === '' || body.length === 0) return body;
  try {
    return await decoders.get(name)?.(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if (systemCode(asError(error)) === 'ERR_BUFFER_TOO_LARGE') throw new ResponseTooLargeError();
    return undefined;
  }
}
