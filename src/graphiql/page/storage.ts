/** What GraphiQL keeps that has no header in it, as it is. */
const plain = new Set(
  [
    'query',
    'variables',
    'theme',
    'visiblePlugin',
    'docExplorerFlex',
    'editorFlex',
    'secondaryEditorFlex',
  ].map((name) => `graphiql:${name}`),
);

/** What GraphiQL keeps as JSON: tabs and the history. Each may have headers and a response in it. */
const structured = new Set(['tabState', 'queries', 'favorites'].map((name) => `graphiql:${name}`));

/**
 * The browser's storage for GraphiQL, without anything that may hold a token.
 *
 * GraphiQL's own setting for this (`shouldPersistHeaders`) leaves the history out, which writes each query's
 * headers. Here every `headers` and `response` is dropped on the way in, and so is every key that is not
 * known to be harmless.
 */
export function tokenlessStorage(storage: Storage): Storage {
  return {
    get length() {
      return storage.length;
    },
    key: (index) => storage.key(index),
    getItem: (key) => storage.getItem(key),
    setItem(key, value) {
      if (plain.has(key)) storage.setItem(key, value);
      if (structured.has(key)) storage.setItem(key, withoutHeaders(value));
    },
    removeItem: (key) => storage.removeItem(key),
    clear() {
      for (const key of [...plain, ...structured]) storage.removeItem(key);
    },
  };
}

function withoutHeaders(json: string): string {
  return JSON.stringify(JSON.parse(json), (key, value: unknown) =>
    key === 'headers' || key === 'response' ? null : value,
  );
}
