/** The result of `produce`, or undefined where it throws: for text that need not be what it should be. */
export function resultOrUndefined<T>(produce: () => T): T | undefined {
  try {
    return produce();
  } catch {
    return undefined;
  }
}
