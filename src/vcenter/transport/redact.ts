const replacement = '[token]';

/** A shorter secret may be a word like any other, so only whole words of it are taken out. */
const shortest = 16;

/** How much of an upstream's words clients get, in characters of JSON: each field of an API repeats them. */
const maxLength = 64 * 1024;

/**
 * An upstream's words as clients may get them: undefined where they are too many, and without the secrets.
 *
 * @param words - parsed JSON.
 * @param secrets - what must not come back out of them, the longest first.
 */
export function sanitizeUpstreamError<T>(words: T, secrets: readonly string[]): T | undefined {
  if ((JSON.stringify(words)?.length ?? 0) > maxLength) return undefined;
  return secrets.reduce(redact, words);
}

/**
 * Takes a secret out of what an upstream said, should it repeat it.
 *
 * @param words - parsed JSON.
 * @returns the same value where the secret is not in it, else a copy without. Members keep their names,
 * unless a name has a secret of at least 16 characters in it.
 */
function redact<T>(words: T, secret: string): T {
  const text = JSON.stringify(words);
  const isThere = text?.includes(JSON.stringify(secret).slice(1, -1));
  return isThere ? (new Redaction(secret).of(words) as T) : words;
}

class Redaction {
  readonly #pattern: RegExp;
  readonly #inNames: boolean;

  constructor(secret: string) {
    const literal = RegExp.escape(secret);
    this.#inNames = secret.length >= shortest;
    const word = `(?<![A-Za-z0-9])${literal}(?![A-Za-z0-9])`;
    this.#pattern = new RegExp(this.#inNames ? literal : word, 'g');
  }

  of(value: unknown): unknown {
    if (typeof value === 'string') return this.#text(value);
    if (typeof value === 'number') return this.#number(value, String(value));
    if (JSON.isRawJSON(value)) return this.#number(value, value.rawJSON);
    if (Array.isArray(value)) return value.map((item) => this.of(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        this.#inNames ? this.#text(name) : name,
        this.of(member),
      ]),
    );
  }

  #text(text: string): string {
    return text.replace(this.#pattern, replacement);
  }

  #number(value: unknown, digits: string): unknown {
    return this.#text(digits) === digits ? value : replacement;
  }
}
