import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { ResponseTooLarge, UndeclaredResponse } from './transport-errors.ts';

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
 * @throws ResponseTooLarge, or UndeclaredResponse where it is not packed as it says.
 */
export async function decoded(body: Buffer, encoding: string, maxBytes: number): Promise<Buffer> {
  const name = encoding.trim().toLowerCase();
  if (name === 'identity' || name === '') return body;
  const decode = decoders.get(name);
  if (!decode) throw new UndeclaredResponse('an unknown content encoding');
  try {
    return await decode(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if (isTooLarge(error)) throw new ResponseTooLarge();
    throw new UndeclaredResponse('a body that is not packed as it says');
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}
