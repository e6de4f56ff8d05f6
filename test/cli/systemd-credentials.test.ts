import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { withCredentials } from '../../src/cli/systemd-credentials.ts';
import { temporaryFile } from '../support/files.ts';

test('reads ROUTER_SECRET from the credential router-secret of systemd', () => {
  const directory = dirname(temporaryFile('router-secret', 'from-systemd\n'));
  const environment = { CREDENTIALS_DIRECTORY: directory };
  expect(withCredentials(environment)).toEqual({ ...environment, ROUTER_SECRET: 'from-systemd' });
  const set = { ...environment, ROUTER_SECRET: 'from-environment' };
  expect(withCredentials(set)).toBe(set);
});

test('changes nothing without that credential', () => {
  const environment = { CREDENTIALS_DIRECTORY: dirname(temporaryFile('other', '')) };
  expect(withCredentials(environment)).toBe(environment);
  expect(withCredentials({})).toEqual({});
});
