import { type Tokens, vim25Header, writeHeaders } from './headers.ts';

/** One of the tabs that a new visitor finds: a query that teaches one thing, and the headers it needs. */
export interface ExampleQuery {
  /** The operation's name. GraphiQL titles the tab with it, and the page finds the tab by it. */
  readonly name: string;
  readonly query: string;
  /** The header editor's text when the tab is opened for the first time. */
  readonly headers: (tokens: Tokens) => string;
  /** Whether a token that arrives later (by logging in) goes into this tab's headers. Default: true. */
  readonly acceptsTokens?: false;
}

/** The example queries, with the names that `SCHEMA_RENAME` gives what they select. */
export function createExampleQueries(
  schemaRename: Readonly<Record<string, string>>,
): readonly ExampleQuery[] {
  const session = schemaRename['Session'] ?? 'Session';
  const currentSession = schemaRename['Query.currentSession'] ?? 'currentSession';
  const vcenters = schemaRename['Query.vcenters'] ?? 'vcenters';
  return exampleQueries.map((example) => ({
    ...example,
    query: example.query
      .replace(/^ {2}currentSession\b/m, `  ${currentSession}`)
      .replace(/`currentSession`/g, `\`${currentSession}\``)
      .replace(/\bon Session\b/g, `on ${session}`)
      .replace(/^ {2}vcenters\b/m, `  ${vcenters}`),
  }));
}

/** The example queries in the names of `schema/`. */
export const exampleQueries: readonly ExampleQuery[] = [
  {
    name: 'CurrentSession',
    query: `# Who is logged in, since when, and from where?
#
# One session, merged from two APIs of the vCenter: vAPI knows \`user\`, vim25 knows the other three.
# To run it, press the play button or Ctrl-Enter.

query CurrentSession {
  currentSession {
    user
    loginTime
    ipAddress
    userAgent
  }
}
`,
    headers: writeHeaders,
  },
  {
    name: 'WhatEachApiKnows',
    query: `# What does each API know that the other does not?
#
# An API is called only when a selected field needs it: delete one of the two lines with dots, run it again, and that API is not called.

query WhatEachApiKnows {
  currentSession {
    ...FromVapi
    ...FromVim25
  }
}

# GET /api/session
fragment FromVapi on Session {
  user
  createdTime
  lastAccessedTime
}

# SessionManager.currentSession
fragment FromVim25 on Session {
  id
  userName
  fullName
  loginTime
  lastActiveTime
  locale
  extensionSession
  ipAddress
  userAgent
  callCount
}
`,
    headers: writeHeaders,
  },
  {
    name: 'NotLoggedIn',
    query: `# What is the response without a token?
#
# The HTTP status is 200, \`currentSession\` is null, and the error's \`code\` is UNAUTHENTICATED.
# Headers, below, have no token in this tab.

query NotLoggedIn {
  currentSession {
    user
    loginTime
  }
}
`,
    headers: () => writeHeaders(new Map(), ['No token here: that is the point of this tab.']),
    acceptsTokens: false,
  },
  {
    name: 'PartialResponse',
    query: `# What if only one of the two APIs returns a session?
#
# Headers, below, have a token that vim25 rejects. The fields of vAPI are returned all the same; those of vim25 are null, with an error at its own path.

query PartialResponse {
  currentSession {
    user
    createdTime
    loginTime
  }
}
`,
    headers: (tokens) =>
      writeHeaders(new Map([...tokens, [vim25Header, 'a-token-that-vim25-does-not-know']])),
  },
  {
    name: 'AllVCenters',
    query: `# On which vCenters, and as whom?
#
# All of them are called at once, each with its own token: \`vmware-api-session-id\` is for the first vCenter, \`vmware-api-session-id-<id>\` for the one with that id.

query AllVCenters {
  vcenters {
    id
    currentSession {
      user
      loginTime
    }
  }
}
`,
    headers: writeHeaders,
  },
];
