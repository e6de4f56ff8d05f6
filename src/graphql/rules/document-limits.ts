/**
 * What a document may be before it is parsed. Parsing and validation recurse, and the stack is not endless;
 * here the text is only looked at, so brackets and words in strings and comments count too.
 */

/** Levels of brackets that a document may nest. */
const maxNesting = 200;

/** Fragments that a document may define, since each may spread the next. */
const maxFragments = 500;

/** What is wrong with a document, as a sentence; undefined where it may be parsed. */
export function checkDocument(document: string): string | undefined {
  if (nestingExceeds(maxNesting, document))
    return `A document may nest at most ${maxNesting} levels deep.`;
  if (document.length > maxFragments && document.split('fragment').length - 1 > maxFragments)
    return `A document may define at most ${maxFragments} fragments.`;
  return undefined;
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
