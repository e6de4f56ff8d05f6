import { expect, onTestFinished, test, vi } from 'vitest';
import { drainOnSignal } from '../../src/http/drain-on-signal.ts';

/** A server that drains until the test ends it, and the exits of the process that `drainOnSignal` causes. */
function start({ drainMs = 5000, completeMs = 31_000 } = {}) {
  vi.useFakeTimers();
  const listeners = new Map<unknown, (argument: unknown) => void>();
  vi.spyOn(process, 'on').mockImplementation((event, listener) => {
    listeners.set(event, listener);
    return process;
  });
  const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never);
  onTestFinished(() => void vi.useRealTimers());
  onTestFinished(() => void vi.restoreAllMocks());
  const log: unknown[] = [];
  const write = (level: string) => (details: unknown, message?: string) =>
    void log.push([level, details, message]);
  const drained = Promise.withResolvers<void>();
  const close = vi.fn<(drainMs?: number) => Promise<void>>(() => drained.promise);
  const logger = { info: write('info'), fatal: write('fatal') };
  const exitCode = drainOnSignal({ drainMs, completeMs, close, logger });
  const emit = (event: string, argument: unknown = event) => listeners.get(event)?.(argument);
  return { exitCode, emit, exit, close, log, drained };
}

test.each([
  ['SIGTERM', 5000],
  ['SIGINT', 0],
])('%s drains the server for %d ms, and the exit code is 0', async (signal, drainMs) => {
  const { exitCode, emit, exit, close, log, drained } = start();
  emit(signal);
  expect(close.mock.calls).toEqual([[drainMs]]);
  drained.resolve();
  expect(await exitCode).toBe(0);
  expect(log).toEqual([
    ['info', { signal, drainMs, atMostMs: drainMs + 32_000 }, 'draining'],
    ['info', 'drained', undefined],
  ]);
  expect(exit.mock.calls).toEqual([]);
});

test('an uncaught error drains the server once, and the exit code is 1', async () => {
  const { exitCode, emit, close, log, drained } = start();
  const errors = [new Error('one'), new Error('another')];
  for (const error of errors) emit('uncaughtException', error);
  expect(close.mock.calls).toEqual([[5000]]);
  drained.resolve();
  expect(await exitCode).toBe(1);
  expect(log).toEqual([
    ['fatal', { err: errors[0] }, 'uncaught error'],
    ['info', { drainMs: 5000, atMostMs: 37_000 }, 'draining'],
    ['fatal', { err: errors[1] }, 'uncaught error'],
    ['info', 'drained', undefined],
  ]);
});

test('a second signal ends the process only more than a second after the first', () => {
  const { emit, exit, close } = start();
  vi.advanceTimersByTime(1000);
  emit('SIGINT');
  vi.advanceTimersByTime(1000);
  emit('SIGINT');
  expect(exit.mock.calls).toEqual([]);
  vi.advanceTimersByTime(1);
  emit('SIGTERM');
  expect(exit.mock.calls).toEqual([[1]]);
  expect(close).toHaveBeenCalledTimes(1);
});

test('draining that takes longer than the settings allow ends the process', () => {
  const { emit, exit } = start();
  emit('SIGTERM');
  vi.advanceTimersByTime(36_999);
  expect(exit.mock.calls).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(exit.mock.calls).toEqual([[1]]);
});

test('an error while the server drains is thrown', async () => {
  const { exitCode, emit, drained } = start();
  emit('SIGTERM');
  drained.reject(new RangeError('a bug'));
  await expect(exitCode).rejects.toThrow(new RangeError('a bug'));
});
