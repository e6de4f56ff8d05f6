import { expect, it } from 'vitest';
import { tokenlessStorage } from '../../src/graphiql/page/storage.ts';

/** A browser's storage, as far as it matters here. */
function browserStorage() {
  const kept = new Map<string, string>();
  const storage = {
    length: 0,
    key: () => null,
    clear: () => kept.clear(),
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  return { kept, storage: tokenlessStorage(storage) };
}

it('the storage of GraphiQL keeps queries, and drops headers and responses at any depth', () => {
  const { kept, storage } = browserStorage();
  const item = {
    query: '{ id }',
    headers: '{"vmware-api-session-id":"secret"}',
    response: 'secret',
  };

  storage.setItem('graphiql:query', '{ id }');
  storage.setItem('graphiql:tabState', JSON.stringify({ tabs: [item] }));
  storage.setItem('graphiql:queries', JSON.stringify({ queries: [item] }));

  expect(Object.fromEntries(kept)).toEqual({
    'graphiql:query': '{ id }',
    'graphiql:tabState': '{"tabs":[{"query":"{ id }","headers":null,"response":null}]}',
    'graphiql:queries': '{"queries":[{"query":"{ id }","headers":null,"response":null}]}',
  });
});

it.for(['graphiql:headers', 'graphiql:shouldPersistHeaders', 'graphiql:something-new', 'headers'])(
  'the storage of GraphiQL drops the unknown key %s',
  (key) => {
    const { kept, storage } = browserStorage();

    storage.setItem(key, 'secret');

    expect(kept.size).toBe(0);
  },
);

it('the storage of GraphiQL clears its own keys, and no others of the origin', () => {
  const { kept, storage } = browserStorage();
  kept.set('someone else', 'x');
  storage.setItem('graphiql:theme', 'dark');

  storage.clear();

  expect([...kept.keys()]).toEqual(['someone else']);
});
