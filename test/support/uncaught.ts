import { onTestFinished } from 'vitest';

/** The errors of the process that nothing catches, until the test ends. */
export function collectUncaught(): readonly unknown[] {
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  process.on('uncaughtException', onError);
  onTestFinished(() => void process.off('uncaughtException', onError));
  return errors;
}
