import { expect, test } from 'vitest';
import { isLoopback } from '../../../src/http/request/loopback.ts';

test.each([
  ...['localhost', 'LOCALHOST', 'my-app.localhost', 'a.b.localhost'],
  ...['127.0.0.1', '127.255.255.255', '::1', '[::1]'],
])('%s is this machine', (hostname) => {
  expect(isLoopback(hostname)).toBe(true);
});

test.each([
  ...['localhost.example.com', 'xlocalhost', 'x,y.localhost', '.localhost'],
  ...['127.0.0', '127.0.0.1.example.com', '1127.0.0.1', '127.0.0.1000', '127.a.b.c', '128.0.0.1'],
  ...['::11', '[::11]', 'x[::1]', 'x::1', '0.0.0.0'],
])('%s is not this machine', (hostname) => {
  expect(isLoopback(hostname)).toBe(false);
});
