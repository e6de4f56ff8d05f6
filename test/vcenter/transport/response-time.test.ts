import { expect, test } from 'vitest';
import { ResponseTime } from '../../../src/vcenter/transport/response-time.ts';

/** The response time after these responses, each of a call that starts when the one before has ended. */
function measure(durations: readonly number[]): { time: ResponseTime; now: number } {
  const time = new ResponseTime();
  let now = 0;
  for (const duration of durations) {
    time.add(now, now + duration);
    now += duration;
  }
  return { time, now };
}

const bestAfter = (...durations: readonly number[]) => measure(durations).time.best;
const times = (count: number, duration: number) => Array<number>(count).fill(duration);

test('the best response time is 0 before the first response, then has a little room', () => {
  expect(bestAfter()).toBe(0);
  expect(bestAfter(100)).toBe(106.25);
});

test('the best response time follows a vCenter that becomes slow little by little, and fast again at once', () => {
  const slow = [...times(50, 100), ...times(40, 1000)];
  expect(bestAfter(...times(50, 100), 1000)).toBeLessThan(250);
  expect(bestAfter(...slow)).toBeGreaterThan(1000);
  expect(bestAfter(...slow, 100)).toBe(106.25);
});

test('slow responses to calls that were in flight at once count as one for the best response time', () => {
  const { time, now } = measure([100]);
  for (let i = 0; i < 64; i++) time.add(now, now + 2000);
  expect(time.best).toBeLessThan(400);
  time.add(now + 2000, now + 4000);
  expect(time.best).toBeGreaterThan(500);
});

test('calls without a response count little for the best response time, however many there are', () => {
  const { time, now } = measure([100]);
  time.addUnfinished(now, now + 500);
  expect(time.best).toBe(106.25);
  for (let i = 0; i < 64; i++) time.addUnfinished(now, now + 4000);
  expect(time.best).toBe(531.25);
});
