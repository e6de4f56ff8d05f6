import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decompress } from '../../../src/vcenter/transport/decompress.ts';
import { ResponseTooLargeError } from '../../../src/vcenter/transport/errors.ts';

const plain = Buffer.from('{"user":"a"}');
const compressions = [
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
] as const;

describe.each(compressions)('a body of Content-Encoding %s', (encoding, compress) => {
  test('is decompressed, up to its bound', async () => {
    const body = compress(plain);
    for (const name of [encoding, encoding.toUpperCase(), ` ${encoding} `])
      expect(await decompress(body, name, plain.length)).toEqual(plain);
    await expect(decompress(body, encoding, plain.length - 1)).rejects.toThrow(
      ResponseTooLargeError,
    );
  });

  test('is not decompressed where it has another encoding or is truncated', async () => {
    expect(await decompress(plain, encoding, 1000)).toBeUndefined();
    expect(await decompress(compress(plain).subarray(0, -6), encoding, 1000)).toBeUndefined();
  });

  test('may be empty', async () => {
    expect(await decompress(Buffer.alloc(0), encoding, 1000)).toEqual(Buffer.alloc(0));
  });
});

test.each(['', 'identity', 'Identity', ' identity '])(
  'Content-Encoding %j is none',
  async (name) => {
    expect(await decompress(plain, name, 1)).toBe(plain);
  },
);

test.each(['zstd', 'gzip, br', 'constructor'])(
  'a body of Content-Encoding %s cannot be read',
  async (name) => {
    expect(await decompress(plain, name, 1000)).toBeUndefined();
  },
);
