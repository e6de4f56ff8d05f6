/** What was thrown, as an Error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error
    ? thrown
    : new Error('something other than an Error was thrown', { cause: thrown });
}
