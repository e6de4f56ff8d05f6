/**
 * What a document may be before it is parsed. Parsing and validation recurse, and the stack is not endless;
 * here the text is only scanned, so brackets and names in strings and comments count too.
 */
import { Lexer, Source, TokenKind } from 'graphql';

/** Levels of brackets that a document may nest. */
const maxNesting = 200;

/** Fragments that a document may define, since each may spread the next. */
const maxFragments = 500;

/** Characters of a name: of an operation, a fragment, a variable, a field, an argument or an alias. */
const maxNameLength = 256;

/** Lexical tokens of a document: room for 5,000 representations that are written out in it. */
export const maxTokens = 50_000;

/** A name that is too long, or a part of a string or a comment that looks like one. */
const longWord = new RegExp(`[_0-9A-Za-z]{${maxNameLength + 1}}`);

/** What is wrong with a document, as a sentence; undefined where it may be parsed. */
export function checkDocument(document: string): string | undefined {
  if (nestingExceeds(maxNesting, document))
    return `A document may nest at most ${maxNesting} levels deep.`;
  if (document.split('fragment').length - 1 > maxFragments)
    return `A document may define at most ${maxFragments} fragments.`;
  const nameLength = longWord.test(document) ? longestName(document) : 0;
  if (nameLength > maxNameLength)
    return `A name in a document may have at most ${maxNameLength} characters, received ${nameLength}.`;
  return undefined;
}

/** What is wrong with the name of the operation to execute, as a sentence; undefined where it may be looked up. */
export function checkOperationName(name: string): string | undefined {
  return name.length > maxNameLength
    ? `The name of an operation may have at most ${maxNameLength} characters, received ${name.length}.`
    : undefined;
}

/** The length of the longest name; of a document that cannot be parsed, up to where it cannot. */
function longestName(document: string): number {
  const lexer = new Lexer(new Source(document));
  let longest = 0;
  try {
    for (let i = 0; i < maxTokens; i++) {
      const { kind, start, end } = lexer.advance();
      if (kind === TokenKind.EOF) break;
      if (kind === TokenKind.NAME) longest = Math.max(longest, end - start);
    }
  } catch {
    // Parsing reports what is wrong.
  }
  return longest;
}

function nestingExceeds(limit: number, document: string): boolean {
  let depth = 0;
  for (let i = 0; i < document.length; i++) {
    const character = document.charCodeAt(i);
    if (character === 0x7b || character === 0x5b || character === 0x28) {
      if (++depth > limit) return true;
    } else if (character === 0x7d || character === 0x5d || character === 0x29) depth--;
  }
  return false;
}
