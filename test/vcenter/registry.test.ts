import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { createVCenterRegistry } from '../../src/vcenter/registry.ts';

test('refuses to have no vCenter', () => {
  expect(() => createVCenterRegistry([])).toThrow(
    new RangeError('at least one vCenter must be configured, received none'),
  );
});

test.each([
  ['b', 'b'],
  ['x'.repeat(64), 'x'.repeat(64)],
  ['x'.repeat(65), `${'x'.repeat(64)}…`],
  ['"', '\\"'],
])('repeats at most 64 characters of an id that is not configured: %s', (id, shown) => {
  const { vcenters } = readConfig({ VCENTER_URL: 'http://127.0.0.1:1', VCENTER_ID: 'a' });
  const registry = createVCenterRegistry(vcenters);
  onTestFinished(() => registry.close());
  expect(registry.get('a')).toBe(registry.first);
  expect(() => registry.get(id)).toThrow(
    `A vCenter's id must be one that is configured, received "${shown}".`,
  );
});
