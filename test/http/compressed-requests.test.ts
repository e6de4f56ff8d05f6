import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { post, startWithSimulator, token } from '../support/subgraph.ts';

const body = JSON.stringify({ query: '{ currentSession { user } }' });

test.each([
  ['gzip', gzipSync],
  ['br', brotliCompressSync],
  ['deflate', deflateSync],
  ['GZIP', gzipSync],
  ['x-gzip', gzipSync],
  ['identity', (text: string) => Buffer.from(text)],
])('accepts a body with the Content-Encoding %s', async (encoding, compress) => {
  const { subgraph } = await startWithSimulator();
  const headers = { ...token('demo'), 'content-encoding': encoding };
  const { status, body: received } = await post(
    `${subgraph.url}/graphql`,
    new Uint8Array(compress(body)),
    headers,
  );
  expect([status, received]).toEqual([
    200,
    { data: { currentSession: { user: 'Administrator@vsphere.local' } } },
  ]);
});

test.each<[what: string, encoding: string, body: Buffer, status: number, message: string]>([
  [
    'is larger than 1 MiB after decompression',
    'gzip',
    gzipSync(' '.repeat(200 * 2 ** 20)),
    413,
    'The body is larger than 1048576 bytes.',
  ],
  ['is not compressed', 'gzip', Buffer.from(body), 400, 'The body is not valid gzip.'],
  ['is cut off', 'br', brotliCompressSync(body).subarray(0, -3), 400, 'The body is not valid br.'],
  [
    'has another encoding',
    'zstd',
    Buffer.from(body),
    415,
    'Content-Encoding must be gzip, br or deflate.',
  ],
])('refuses a body that %s', async (_what, encoding, sent, status, message) => {
  const { vcenter, subgraph } = await startWithSimulator();
  const headers = { ...token('demo'), 'content-encoding': encoding };
  const received = await post(`${subgraph.url}/graphql`, new Uint8Array(sent), headers);
  expect([received.status, received.body]).toEqual([
    status,
    { errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] },
  ]);
  expect(vcenter.calls).toEqual([]);
});
