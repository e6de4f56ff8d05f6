const replacement = '[token]';

/** A shorter secret may be an ordinary word, so only whole words are replaced. */
const shortest = 16;

/** How long an upstream error in a response may be, in characters of JSON: each field of an API repeats it. */
const maxLength = 64 * 1024;

/**
 * An upstream error as clients may get it: undefined where it is too long, and without the secrets.
 *
 * @param error - parsed JSON.
 * @param secrets - what is replaced in it, the longest first.
 */
export function sanitizeUpstreamError<T>(error: T, secrets: readonly string[]): T | undefined {
  if (JSON.stringify(error).length > maxLength) return undefined;
  return secrets.reduce(redact, error);
}

/**
 * Replaces a secret that an upstream error repeats.
 *
 * @param error - parsed JSON.
 * @returns the same value where the secret is not in it, else a copy without. Members keep their names,
 * unless a name has a secret of at least 16 characters in it.
 */
function redact<T>(error: T, secret: string): T {
  const isThere = JSON.stringify(error).includes(JSON.stringify(secret).slice(1, -1));
  return isThere ? (new Redaction(secret).of(error) as T) : error;
}

class Redaction {
  readonly #pattern: RegExp;
  readonly #inNames: boolean;

  constructor(secret: string) {
    const literal = RegExp.escape(secret);
    this.#inNames = secret.length >= shortest;
    const wholeWord = `(?<![A-Za-z0-9])${literal}(?![A-Za-z0-9])`;
    this.#pattern = new RegExp(this.#inNames ? literal : wholeWord, 'g');
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
