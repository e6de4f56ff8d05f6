import { randomBytes } from 'node:crypto';

/**
 * How deeply arrays and objects may nest. What nests deeper would overflow the stack of whatever walks it
 * later; vAPI's nested message parameters take four levels each.
 */
const maxDepth = 1000;

/** The longest text whose numbers are kept as written: longer errors are not forwarded. */
const maxVerbatimLength = 64 * 1024;

// Codes of characters: constants of their own, since members of an object are looked up for each character.
const quote = 34;
const plus = 43;
const minus = 45;
const point = 46;
const zero = 48;
const nine = 57;
const upperE = 69;
const openBracket = 91;
const backslash = 92;
const closeBracket = 93;
const lowerE = 101;
const openBrace = 123;
const closeBrace = 125;

/** The character that marks begin with. It is rare, so that few strings are compared with the whole mark. */
const markStart = '\u007f';

/** Marks the digits of a number in a string. It is random, so that no string of an upstream can pass for one. */
const mark = markStart + randomBytes(9).toString('base64url');

/**
 * Parses JSON so that `JSON.stringify` writes every number as upstream wrote it, `1.0` and `1e400` included, unless the
 * text has more than 64 Ki characters. What nests more than 1,000 levels deep is replaced by null.
 *
 * Of an error, which is mostly strings, it takes less than twice the time of `JSON.parse`. Where a double changes
 * a number, the value is walked once more, which takes half that time, and up to a microsecond for each such
 * number. A reviver would take forty times.
 *
 * @throws SyntaxError where the text is not JSON.
 */
export function parseVerbatim(text: string): unknown {
  const bounded = text.length > maxVerbatimLength ? prepare(text, false) : text;
  if (bounded.length > maxVerbatimLength) return JSON.parse(bounded);
  const prepared = prepare(bounded, true);
  const value: unknown = JSON.parse(prepared);
  return prepared === bounded ? value : restore(value);
}

/**
 * Returns a text of JSON with `null` in the place of each array and object that nests too deeply.
 *
 * @param marksNumbers - whether a string with a mark stands in the place of each number that a double changes.
 */
function prepare(text: string, marksNumbers: boolean): string {
  let kept = '';
  let from = 0;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === quote) i = endOfString(text, i);
    else if (code === openBrace || code === openBracket) {
      if (++depth === maxDepth + 1) kept += `${text.slice(from, i)}null`;
    } else if (code === closeBrace || code === closeBracket) {
      if (depth-- === maxDepth + 1) from = i + 1;
    } else if (isDigit(code) || code === minus) {
      const end = endOfNumber(text, i);
      if (marksNumbers && depth <= maxDepth && isChanged(text, i, end)) {
        kept += `${text.slice(from, i)}"${mark}${text.slice(i, end)}"`;
        from = end;
      }
      i = end - 1;
    }
  }
  return from === 0 ? text : kept + text.slice(from);
}

function isDigit(code: number): boolean {
  return code >= zero && code <= nine;
}

/** The index of the quote that ends the string; the text's length where none does. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let before = end - 1;
    while (text.charCodeAt(before) === backslash) before -= 1;
    // Pairs of backslashes are escaped backslashes; one that remains escapes the quote.
    if ((end - before) % 2 === 1) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}

/** The index after the characters of a number. */
function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  while (isOfNumber(text.charCodeAt(end))) end += 1;
  return end;
}

function isOfNumber(code: number): boolean {
  return (
    isDigit(code) ||
    code === point ||
    code === lowerE ||
    code === upperE ||
    code === minus ||
    code === plus
  );
}

/** Whether `JSON.stringify` would write the number differently. */
function isChanged(text: string, start: number, end: number): boolean {
  if (end - start <= 15 && isCommon(text, start, end)) return false;
  const number = text.slice(start, end);
  // What is not JSON stays, so that it is rejected: an invalid number, or one in the place of a name.
  return String(Number(number)) !== number && validNumber.test(number) && !isName(text, end);
}

const validNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Whether the number, of up to 15 characters, is `1`, `-1` or `1.5`, which a double holds as written. */
function isCommon(text: string, start: number, end: number): boolean {
  let i = start + 1;
  while (isDigit(text.charCodeAt(i))) i += 1;
  const first = text.charCodeAt(start);
  if (i === end) return first !== minus || text.charCodeAt(start + 1) !== zero;
  if (text.charCodeAt(i) !== point || first <= zero) return false;
  i += 1;
  while (isDigit(text.charCodeAt(i))) i += 1;
  return i === end && text.charCodeAt(end - 1) !== zero;
}

const colon = /\s*:/y;

function isName(text: string, end: number): boolean {
  colon.lastIndex = end;
  return colon.test(text);
}

/** Puts numbers in the place of marked strings. */
function restore(value: unknown): unknown {
  if (typeof value === 'string') return isMarked(value) ? numberOf(value) : value;
  if (typeof value === 'object' && value !== null) restoreIn(value as Record<string, unknown>);
  return value;
}

/** The same in an object or an array. Its members are its own, even `__proto__`, so writing calls no setter. */
function restoreIn(members: Record<string, unknown>): void {
  for (const name in members) {
    const member = members[name];
    if (typeof member === 'object') {
      if (member !== null) restoreIn(member as Record<string, unknown>);
    } else if (typeof member === 'string' && isMarked(member)) members[name] = numberOf(member);
  }
}

function isMarked(text: string): boolean {
  return text[0] === markStart && text.startsWith(mark);
}

function numberOf(marked: string): unknown {
  return JSON.rawJSON(marked.slice(mark.length));
}
