import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { ResponseTooLargeError } from './errors.ts';

const decoders = new Map([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
]);

/**
 * Unpacks a body. It was not asked to be packed, but a proxy in between may do so.
 *
 * @param encoding - the value of `Content-Encoding`.
 * @param maxBytes - how large the unpacked body may be.
 * @returns undefined where it is not packed as it says, or in a way that is not known here.
 * @throws ResponseTooLargeError
 */
export async function decompress(
  body: Buffer,
  encoding: string,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const name = encoding.trim().toLowerCase();
  // Some proxies say that a body is packed where there is none.
  if (name === 'identity' || name === '' || body.length === 0) return body;
  try {
    return await decoders.get(name)?.(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if (isTooLarge(error)) throw new ResponseTooLargeError();
    return undefined;
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}
