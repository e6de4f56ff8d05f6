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
 * How deeply arrays and objects may nest. Deeper JSON is refused, since it overflows the stack of whatever
 * walks it later; vAPI's nested message parameters take four levels each.
 */
const maxDepth = 1000;

/** Whether a text of JSON may hold a whole number that a double cannot. */
const longNumber = /\d{16}/;

/**
 * Parses JSON and loses no digit of a whole number: what a double cannot hold exactly comes back as
 * `JSON.rawJSON`, which `JSON.stringify` writes as it stood.
 *
 * @throws SyntaxError where the text is no JSON, or nests too deeply.
 */
export function parseJson(text: string): unknown {
  return longNumber.test(text) ? parseVerbatim(text) : JSON.parse(text);
}

/**
 * Parses JSON so that every number comes out of `JSON.stringify` as upstream wrote it, `1.0` and `1e400`
 * included.
 *
 * @throws SyntaxError where the text is no JSON, or nests too deeply.
 */
export function parseVerbatim(text: string): unknown {
  if (depthOf(text) > maxDepth)
    throw new SyntaxError(`JSON must nest at most ${maxDepth} levels deep`);
  return JSON.parse(text, (_key, value: unknown, context: { source?: string }) =>
    typeof value === 'number' && context.source !== undefined && !isWritten(value, context.source)
      ? JSON.rawJSON(context.source)
      : value,
  );
}

function isWritten(value: number, source: string): boolean {
  return String(value) === source;
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i);
    if (inString) {
      if (character === 0x5c) i++;
      else if (character === 0x22) inString = false;
    } else if (character === 0x22) inString = true;
    else if (character === 0x7b || character === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (character === 0x7d || character === 0x5d) depth--;
  }
  return deepest;
}
