import { applyEdits, modify, type ParseError, parse } from 'jsonc-parser';

/** The tokens that the page knows, by the name of the header that carries each. */
export type Tokens = ReadonlyMap<string, string>;

/** The header that gives vim25 a token of its own. */
export const vim25Header = 'vmware-vim25-session-id';

/**
 * The header that carries the token of a vCenter.
 *
 * @param vcenters - the ids of the configured vCenters. The first one's header has no id in its name.
 */
export function tokenHeader(vcenters: readonly string[], id: string): string {
  return id === vcenters[0] ? 'vmware-api-session-id' : `vmware-api-session-id-${id}`;
}

const hint = [
  'Log in (above, on the right), or write the token of a session here:',
  '"vmware-api-session-id": "…"',
  'If the subgraph has a ROUTER_SECRET, write it here too:',
  '"x-router-secret": "…"',
];

/**
 * A text for the header editor, which takes JSON with comments.
 *
 * @param comments - a line of comment each. Default: how to get a token, where there is none.
 */
export function writeHeaders(
  tokens: Tokens,
  comments: readonly string[] = tokens.size === 0 ? hint : [],
): string {
  const lines = [
    ...comments.map((comment) => `  // ${comment}`),
    ...[...tokens].map(
      ([name, token], index) =>
        `  ${JSON.stringify(name)}: ${JSON.stringify(token)}${index < tokens.size - 1 ? ',' : ''}`,
    ),
  ];
  return `{\n${lines.join('\n')}\n}`;
}

/**
 * The header editor's text with other tokens, and everything else as the user left it.
 *
 * A token that was put there and is not known any more is taken out, unless the user replaced it. A text
 * that is not an object is written anew.
 *
 * @param before - the tokens that the text has from the last time.
 */
export function replaceTokens(text: string, before: Tokens, after: Tokens): string {
  const errors: ParseError[] = [];
  const headers: unknown = parse(text, errors, { allowTrailingComma: true });
  const untouched = text === writeHeaders(before);
  if (untouched || errors.length > 0 || !isObject(headers)) return writeHeaders(after);

  let result = text;
  const set = (name: string, token: string | undefined) => {
    const edits = modify(result, [name], token, {
      formattingOptions: { insertSpaces: true, tabSize: 2 },
    });
    result = applyEdits(result, edits);
  };
  for (const [name, token] of before)
    if (!after.has(name) && headers[name] === token) set(name, undefined);
  for (const [name, token] of after) if (before.get(name) !== token) set(name, token);
  return result;
}

/** The router's secret, where the header editor's text has one: a login needs it as queries do. */
export function readRouterSecret(text: string): string | undefined {
  const headers: unknown = parse(text, [], { allowTrailingComma: true });
  const secret = isObject(headers) ? headers['x-router-secret'] : undefined;
  return typeof secret === 'string' ? secret : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
