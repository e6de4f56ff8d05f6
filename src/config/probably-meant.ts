import { closestMatch } from 'leven';

/** The known name that differs from another by the fewest letters, at most `maxDistance`. */
export function probablyMeant(
  name: string,
  known: readonly string[],
  maxDistance: number,
): string | undefined {
  return closestMatch(name, known, { maxDistance });
}
