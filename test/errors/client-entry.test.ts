import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { GraphQLError } from 'graphql';
import { expect, onTestFinished, test } from 'vitest';
import { catalogue } from '../../src/errors/catalogue.ts';
import { isVCenterError } from '../../src/errors/extensions.ts';
import { VCenterError } from '../../src/errors/vcenter-error.ts';
import { codes } from './codes.ts';

const run = promisify(execFile);
const root = new URL('../..', import.meta.url).pathname;

const vcenter = { id: 'default', api: 'vapi', retryable: true };

test.each([
  ['of a JSON response', { message: 'm', extensions: { code: 'TIMED_OUT', vcenter } }],
  [
    'with the error that the vCenter returned',
    { extensions: { code: 'A', vcenter: { ...vcenter, error: {} } } },
  ],
  ['of vim25', { extensions: { code: 'A', vcenter: { ...vcenter, api: 'vim25' } } }],
  ['that a router added to', { extensions: { code: 'A', vcenter, service: 'vcenter-session' } }],
  [
    'that a client made a GraphQLError of',
    new GraphQLError('m', { extensions: { code: 'A', vcenter } }),
  ],
  ['that the subgraph throws', new VCenterError('default', 'vim25', 'NOT_FOUND')],
])('isVCenterError accepts an error of a vCenter %s', (_, error) => {
  expect(isVCenterError(error)).toBe(true);
});

test.each([
  [undefined],
  [null],
  ['TIMED_OUT'],
  [7],
  [[]],
  [new Error('m')],
  [{}],
  [{ extensions: null }],
  [{ extensions: 'vcenter' }],
  [{ extensions: { code: 'INTERNAL_SERVER_ERROR', errorId: 'a' } }],
  [{ extensions: { code: 'BAD_USER_INPUT' } }],
  [{ extensions: { vcenter } }],
  [{ extensions: { code: 7, vcenter } }],
  [{ extensions: { code: 'A', vcenter: 'default' } }],
  [{ extensions: { code: 'A', vcenter: null } }],
  [{ extensions: { code: 'A', vcenter: { ...vcenter, id: 7 } } }],
  [{ extensions: { code: 'A', vcenter: { ...vcenter, api: 'soap' } } }],
  [{ extensions: { code: 'A', vcenter: { ...vcenter, retryable: 'true' } } }],
])('isVCenterError rejects %j', (error) => {
  expect(isVCenterError(error)).toBe(false);
});

test('the catalogue has the codes of the contract', () => {
  expect(Object.keys(catalogue).sort()).toEqual([...codes, 'BAD_USER_INPUT'].sort());
  const retryable = Object.entries(catalogue).filter(([, { retryable = false }]) => retryable);
  expect(retryable.map(([code]) => code)).toEqual([
    'CONCURRENT_CHANGE',
    'RESOURCE_BUSY',
    'SERVICE_UNAVAILABLE',
    'TIMED_OUT',
    'UNABLE_TO_ALLOCATE_RESOURCE',
  ]);
});

test('the export ./errors of package.json works without any other module', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'subgraph-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const tsc = join(root, 'node_modules/.bin/tsc');
  await run(tsc, ['-p', 'tsconfig.build.json', '--outDir', join(directory, 'dist')], { cwd: root });
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { types, default: entry } = exports['./errors'];
  expect(readFileSync(join(directory, types), 'utf8')).toContain('isVCenterError');
  const built = join(directory, entry);
  expect(readFileSync(built, 'utf8')).not.toMatch(/^\s*import\b|\bimport\(|\brequire\(/m);
  const module: Record<string, unknown> = await import(built);
  expect(Object.keys(module)).toEqual(['isVCenterError']);
  expect(Object(module).isVCenterError({ extensions: { code: 'A', vcenter } })).toBe(true);
}, 60_000);
