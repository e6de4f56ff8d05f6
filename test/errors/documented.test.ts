import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { startWithSimulator } from '../support/subgraph.ts';

const documentation = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');

/** The cells of the row of a code, in the section of a heading. */
function rowOf(heading: string, code: string): string[] | undefined {
  const section = documentation.split(/^## /m).find((text) => text.startsWith(heading)) ?? '';
  const row = section.split('\n').find((line) => line.startsWith(`| \`${code}\` `));
  return row?.split(' | ').map((cell) => cell.trim());
}

describe('docs/errors.md names this subgraph as a source of', () => {
  test.each([
    'BAD_UPSTREAM_RESPONSE',
    'BAD_USER_INPUT',
    'INTERNAL_SERVER_ERROR',
    'RESOURCE_BUSY',
    'SERVICE_UNAVAILABLE',
    'TIMED_OUT',
    'UNAUTHENTICATED',
    'UNSUPPORTED',
    'UNVERIFIED_PEER',
  ])('%s', (code) => {
    expect(rowOf('The codes', code)?.[2]).toMatch(/this subgraph: \w/);
  });

  test('none that is always the vCenter’s', () => {
    expect(rowOf('The codes', 'UNABLE_TO_ALLOCATE_RESOURCE')?.[2]).toBe(
      'vAPI: `UNABLE_TO_ALLOCATE_RESOURCE`',
    );
  });
});

test.each<[code: string, status: number, body: unknown]>([
  ['BAD_REQUEST', 400, {}],
  ['GRAPHQL_PARSE_FAILED', 400, { query: '{' }],
  ['GRAPHQL_VALIDATION_FAILED', 400, { query: '{ nothing }' }],
  ['OPERATION_RESOLUTION_FAILURE', 400, { query: 'query A { __typename } query B { __typename }' }],
  ['OPERATION_RESOLUTION_FAILURE', 400, { query: '{ __typename }', operationName: 'A' }],
  ['BAD_USER_INPUT', 400, { query: 'query ($id: ID!) { vcenter(id: $id) { id } }' }],
  [
    'PERSISTED_QUERY_NOT_SUPPORTED',
    200,
    { extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } },
  ],
])('docs/errors.md has the status of %s, %i', async (code, status, body) => {
  const { subgraph } = await startWithSimulator();
  const response = await fetch(`${subgraph.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect([response.status, await response.json()]).toEqual([
    status,
    { errors: [expect.objectContaining({ extensions: { code } })] },
  ]);
  expect(rowOf('Requests that are not executed', code)?.[1]).toBe(String(status));
});
