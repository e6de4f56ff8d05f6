const replacement = '[token]';

/**
 * Takes a secret out of what an upstream said, should it repeat it.
 *
 * @param words - parsed JSON.
 * @returns the same value where the secret is not in it, else a copy without.
 */
export function redact<T>(words: T, secret: string): T {
  const text = JSON.stringify(words);
  const isThere = text?.includes(JSON.stringify(secret).slice(1, -1));
  return isThere ? (withoutSecret(words, secret) as T) : words;
}

function withoutSecret(value: unknown, secret: string): unknown {
  if (typeof value === 'string') return value.replaceAll(secret, replacement);
  if (typeof value === 'number') return String(value).includes(secret) ? replacement : value;
  if (JSON.isRawJSON(value)) return value.rawJSON.includes(secret) ? replacement : value;
  if (Array.isArray(value)) return value.map((item) => withoutSecret(item, secret));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.replaceAll(secret, replacement),
      withoutSecret(member, secret),
    ]),
  );
}
