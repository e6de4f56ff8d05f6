import { type ASTNode, type DocumentNode, visit } from 'graphql';

/**
 * Removes the locations from a document, so that errors of its fields have none. Each error finds its location by
 * reading the text up to it, which takes too long where the text is long and many fields fail.
 */
export function omitLocations(document: DocumentNode): void {
  visit(document, {
    enter(node) {
      delete (node as { -readonly [name in keyof ASTNode]: ASTNode[name] }).loc;
    },
  });
}
