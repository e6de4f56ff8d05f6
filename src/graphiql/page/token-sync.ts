import { pick, useGraphiQL } from '@graphiql/react';
import { useEffect, useRef } from 'react';
import { exampleQueries } from './example-queries.ts';
import { readRouterSecret, replaceTokens, type Tokens, writeHeaders } from './headers.ts';
import { setRouterSecret } from './session-api.ts';

/**
 * Keeps the tokens of the page in the header editor: in each tab when it is opened for the first time, and
 * when a token comes or goes. What the user wrote there otherwise stays.
 */
export function useTokenSync(tokens: Tokens): void {
  const { headerEditor, tabs, activeTabIndex } = useGraphiQL(
    pick('headerEditor', 'tabs', 'activeTabIndex'),
  );
  const tab = tabs[activeTabIndex];
  const written = useRef(new Map<string, Tokens>());

  useEffect(() => {
    if (headerEditor === undefined || tab === undefined) return;
    const before = written.current.get(tab.id);
    if (before === tokens) return;
    written.current.set(tab.id, tokens);
    const example = exampleQueries.find(({ name }) => name === tab.title);
    if (before === undefined && example !== undefined)
      headerEditor.setValue(example.headers(tokens));
    else if (example?.acceptsTokens !== false)
      headerEditor.setValue(replaceTokens(headerEditor.getValue(), before ?? new Map(), tokens));
  }, [headerEditor, tab, tokens]);

  // A query of the history has no headers after a reload, since they are not stored: it gets today's.
  useEffect(() => {
    const fillIn = () => {
      if (headerEditor?.getValue() === '') headerEditor.setValue(writeHeaders(tokens));
    };
    const subscription = headerEditor?.onDidChangeModelContent((change) => {
      setRouterSecret(readRouterSecret(headerEditor.getValue()));
      // Monaco ignores a second text until it has notified every listener of the first.
      if (change.isFlush) queueMicrotask(fillIn);
    });
    return () => subscription?.dispose();
  }, [headerEditor, tokens]);
}
