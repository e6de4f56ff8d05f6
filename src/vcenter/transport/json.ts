import { randomUUID } from 'node:crypto';

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

/** A member of type int64 whose digits a double may lose. No string of JSON has an unescaped quote in it. */
const longInt64 = /("callCount"\s*:\s*)(-?\d{16,})(?=\s*[,}])/g;

/** Marks the digits of such a member. It is random, so that no string of an upstream can pass for one. */
const int64Prefix = `int64-${randomUUID()}:`;

/** The longest text whose numbers are kept as written: longer errors are not forwarded. */
const maxVerbatimLength = 64 * 1024;

/**
 * Parses JSON and loses no digit of a member of type int64: see {@link int64Digits}. A reviver would take forty
 * times as long as `JSON.parse` alone.
 *
 * @throws SyntaxError where the text is no JSON.
 */
export function parseJson(text: string): unknown {
  return JSON.parse(text.replace(longInt64, `$1"${int64Prefix}$2"`));
}

/** The digits of a member of type int64, from `parseJson`; undefined where it is no whole number. */
export function int64Digits(value: unknown): string | undefined {
  if (typeof value === 'string' && value.startsWith(int64Prefix))
    return value.slice(int64Prefix.length);
  return Number.isInteger(value) ? String(value) : undefined;
}

/**
 * Parses JSON so that every number comes out of `JSON.stringify` as upstream wrote it, `1.0` and `1e400`
 * included, unless the text has more than 64 KiB. In the place of what nests more than 1,000 levels deep there
 * is null.
 *
 * @throws SyntaxError where the text is no JSON.
 */
export function parseVerbatim(text: string): unknown {
  const bounded = truncateNesting(text);
  if (bounded.length > maxVerbatimLength) return JSON.parse(bounded);
  return JSON.parse(bounded, (_key, value: unknown, { source }: { source?: string }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source
      ? JSON.rawJSON(source)
      : value,
  );
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
