import { expect, test } from 'vitest';
import { ResponseTime } from '../../../src/vcenter/transport/response-time.ts';

/** The usual response time after responses of these durations. */
function usualAfter(...durations: readonly number[]): number {
  const time = new ResponseTime();
  for (const duration of durations) time.add(duration);
  return time.usual;
}

const times = (count: number, duration: number) => Array<number>(count).fill(duration);

test('the usual response time is 0 before the first response', () => {
  expect(usualAfter()).toBe(0);
});

test('the usual response time has room for deviations after one response, and little after many alike', () => {
  expect(usualAfter(100)).toBe(150);
  expect(usualAfter(...times(50, 100))).toBeCloseTo(106.25, 1);
});

test('the usual response time has room for durations that vary', () => {
  expect(usualAfter(...times(50, 50).flatMap((short) => [short, 150]))).toBeGreaterThan(150);
});

test('the usual response time follows a vCenter that becomes slow, and fast again', () => {
  const slow = [...times(50, 100), ...times(20, 1000)];
  expect(usualAfter(...slow)).toBeGreaterThan(1000);
  expect(usualAfter(...slow)).toBeLessThan(1300);
  expect(usualAfter(...slow, ...times(50, 100))).toBeLessThan(120);
});

test('a call without a response counts only where it took longer than responses do', () => {
  const time = new ResponseTime();
  time.add(100);
  time.addUnfinished(50);
  expect(time.usual).toBe(150);
  time.addUnfinished(1000);
  expect(time.usual).toBeGreaterThan(600);
});
