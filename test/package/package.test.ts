import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ApolloServer } from '@apollo/server';
import { createYoga, maskError } from 'graphql-yoga';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { postQuery, startVCenter, token } from '../support/subgraph.ts';

const run = promisify(execFile);
const root = new URL('../..', import.meta.url).pathname;
const query = '{ currentSession { user loginTime } }';

/** The package as it is installed: compiled, with its dependencies. */
let installed: string;

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'subgraph-test-'));
  installed = join(directory, 'node_modules/vcenter-session-subgraph');
  await mkdir(installed, { recursive: true });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const outDir = join(installed, 'dist');
  await run(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', outDir], {
    cwd: root,
  });
  for (const name of ['package.json', 'schema', 'node_modules'])
    symlinkSync(join(root, name), join(installed, name));
}, 60_000);

afterAll(() => rmSync(join(installed, '../..'), { recursive: true }));

/** An entry of the package, by its name in `exports`. */
async function importEntry(name: string): Promise<Record<string, unknown>> {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return import(join(installed, exports[name].default));
}

test('is embedded in a bare Apollo Server', async () => {
  const vcenter = await startVCenter();
  const { createSubgraph } = (await importEntry('.')) as typeof import('../../src/index.ts');
  const subgraph = createSubgraph({ vcenters: [{ url: vcenter.url }] });
  onTestFinished(() => subgraph.close());
  const { schema, formatError } = subgraph;
  const apollo = new ApolloServer({ schema, formatError });
  onTestFinished(() => apollo.stop());
  const execute = async (headers: Record<string, string> | Headers) => {
    const contextValue = subgraph.createContext(headers);
    const { body } = await apollo.executeOperation({ query }, { contextValue });
    return body.kind === 'single' ? body.singleResult : undefined;
  };
  const data = {
    currentSession: { user: 'Administrator@vsphere.local', loginTime: expect.any(String) },
  };
  expect(await execute(token('demo'))).toMatchObject({ data });
  expect(await execute(new Headers(token('demo')))).toMatchObject({ data });
  expect(await execute({})).toMatchObject({
    data: { currentSession: null },
    errors: [{ extensions: { code: 'UNAUTHENTICATED', vcenter: { id: 'default' } } }],
  });
});

test('is embedded in a GraphQL Yoga', async () => {
  const vcenter = await startVCenter();
  const { createSubgraph } = (await importEntry('.')) as typeof import('../../src/index.ts');
  const { isVCenterError } = (await importEntry(
    './errors',
  )) as typeof import('../../src/errors/extensions.ts');
  const subgraph = createSubgraph({ vcenters: [{ url: vcenter.url }] });
  onTestFinished(() => subgraph.close());
  const yoga = createYoga({
    schema: subgraph.schema,
    context: ({ request }) => subgraph.createContext(request.headers),
    maskedErrors: {
      maskError: (error, message, isDev) =>
        error instanceof Error && isVCenterError(error) ? error : maskError(error, message, isDev),
    },
  });
  const server = createServer(yoga).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  const send = async (headers: Record<string, string>) =>
    (await postQuery(url, query, headers)).body;
  expect(await send(token('demo'))).toEqual({
    data: {
      currentSession: { user: 'Administrator@vsphere.local', loginTime: expect.any(String) },
    },
  });
  expect(await send({})).toEqual({
    data: { currentSession: null },
    errors: [
      {
        message: expect.stringContaining('vmware-api-session-id'),
        locations: [{ line: 1, column: 3 }],
        path: ['currentSession'],
        extensions: {
          code: 'UNAUTHENTICATED',
          vcenter: { id: 'default', api: 'vapi', retryable: false },
        },
      },
    ],
  });
});

test('renames types in the embedded schema', async () => {
  const { createSubgraph } = (await importEntry('.')) as typeof import('../../src/index.ts');
  const schemaRename = { Session: 'VCenterSession' };
  const subgraph = createSubgraph({ vcenters: [{ url: 'https://vcenter.invalid' }], schemaRename });
  onTestFinished(() => subgraph.close());
  expect(subgraph.schema.getType('VCenterSession')).toBeDefined();
  expect(subgraph.schema.getType('Session')).toBeUndefined();
});

test.each([
  [[{ url: 'vcenter' }], 'url of a vCenter must be an http or https URL, received vcenter'],
  [[{ url: 'https://a.invalid', id: 'A' }], 'id of a vCenter must be 1 to 32 of a-z, 0-9 and -'],
  [[{ url: 'https://a.invalid' }, { url: 'https://b.invalid' }], 'an id of its own'],
])('refuses %j with the reason', async (vcenters, message) => {
  const { createSubgraph } = (await importEntry('.')) as typeof import('../../src/index.ts');
  expect(() => createSubgraph({ vcenters })).toThrow(message);
});

test('starts a simulator', async () => {
  const { startSimulator } = (await importEntry(
    './simulator',
  )) as typeof import('../../src/simulator/index.ts');
  await using simulator = await startSimulator();
  const response = await fetch(`${simulator.url}/api/session`, { headers: token('demo') });
  expect(response.status).toBe(200);
});

test('names a Node.js that is too old, at start and at import', async () => {
  const preload = join(installed, '../../old.mjs');
  writeFileSync(
    preload,
    "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '22.1.0' } });",
  );
  const message =
    'vcenter-session-subgraph requires Node.js 24 or newer. This is Node.js 22.1.0. ' +
    'Install Node.js 24, or put it first on PATH.';
  const start = (file: string) =>
    run(process.execPath, ['--import', preload, join(installed, 'dist', file)]);
  await expect(start('cli/main.js')).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: `${message}\n`,
  });
  await expect(start('index.js')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining(message),
  });
});
