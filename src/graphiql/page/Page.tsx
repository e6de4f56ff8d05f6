import { GraphiQL } from 'graphiql';
import { useState } from 'react';
import { createExampleQueries } from './example-queries.ts';
import { fetcher } from './fetcher.ts';
import { writeHeaders } from './headers.ts';
import { SessionControl } from './SessionControl.tsx';
import { useSessions } from './sessions.ts';
import type { Settings } from './settings.ts';
import { tokenlessStorage } from './storage.ts';

const storage = tokenlessStorage(localStorage);

/** GraphiQL with this subgraph's first queries and a way to log in. */
export function Page({ settings }: { settings: Settings }) {
  const sessions = useSessions(settings);
  const [defaultHeaders] = useState(() => writeHeaders(sessions.tokens));
  const [defaultTabs] = useState(() =>
    createExampleQueries(settings.schemaRename).map(({ query }) => ({ query })),
  );
  return (
    <GraphiQL
      fetcher={fetcher}
      storage={storage}
      shouldPersistHeaders={false}
      defaultTabs={defaultTabs}
      defaultHeaders={defaultHeaders}
      defaultEditorToolsVisibility="headers"
    >
      <GraphiQL.Logo>
        <SessionControl settings={settings} sessions={sessions} />
      </GraphiQL.Logo>
    </GraphiQL>
  );
}
