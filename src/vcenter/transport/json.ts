declare global {
  /** ECMAScript's "JSON.parse source text access", which TypeScript's library does not have yet. */
  interface JSON {
    parse(
      text: string,
      reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
    ): unknown;
    rawJSON(text: string): { readonly rawJSON: string };
    isRawJSON(value: unknown): value is { readonly rawJSON: string };
  }
}

/**
 * How deeply arrays and objects may nest. What nests deeper would overflow the stack of whatever walks it
 * later; vAPI's nested message parameters take four levels each.
 */
const maxDepth = 1000;

/** Whether a text of JSON may hold a whole number that a double cannot. */
const longNumber = /\d{16}/;

/**
 * Parses JSON and loses no digit of a whole number: what a double cannot hold exactly comes back as
 * `JSON.rawJSON`, which `JSON.stringify` writes as it stood.
 *
 * @throws SyntaxError where the text is no JSON.
 */
export function parseJson(text: string): unknown {
  return longNumber.test(text) ? parseKeeping(isLost, text) : JSON.parse(text);
}

/**
 * Parses JSON so that every number comes out of `JSON.stringify` as upstream wrote it, `1.0` and `1e400`
 * included. In the place of what nests more than 1,000 levels deep there is null.
 *
 * @throws SyntaxError where the text is no JSON.
 */
export function parseVerbatim(text: string): unknown {
  return parseKeeping((value, source) => String(value) !== source, text);
}

/** @param toKeep - tells of which numbers the source text is kept. */
function parseKeeping(toKeep: (value: number, source: string) => boolean, text: string): unknown {
  return JSON.parse(
    truncateNesting(text),
    (_key, value: unknown, { source }: { source?: string }) =>
      typeof value === 'number' && source !== undefined && toKeep(value, source)
        ? JSON.rawJSON(source)
        : value,
  );
}

/** Whether a whole number lost digits when it became a double. */
function isLost(value: number, source: string): boolean {
  return !Number.isSafeInteger(value) && /^-?\d+$/.test(source);
}

/** A text of JSON with `null` in the place of each array and object that nests too deeply. */
function truncateNesting(text: string): string {
  const kept: string[] = [];
  let from = 0;
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (inString) {
      if (character === '\\') i++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') {
      if (++depth === maxDepth + 1) kept.push(text.slice(from, i), 'null');
    } else if (character === '}' || character === ']') {
      if (depth-- === maxDepth + 1) from = i + 1;
    }
  }
  return from === 0 ? text : kept.join('') + text.slice(from);
}
