import { type Tokens, vim25Header, writeHeaders } from './headers.ts';

/** One of the tabs that a new visitor finds: an example query, and the headers that it needs. */
export interface ExampleQuery {
  /** The operation's name. GraphiQL titles the tab with it, and the page knows the example by it again. */
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
    query: `# The current session: who is logged in, since when, and from where.
#
# One session from two APIs of the vCenter: \`user\` is from vAPI, the other fields are from vim25.
# Press the play button or Ctrl-Enter to run it.

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
    name: 'FieldsOfEachApi',
    query: `# The fields of each API.
#
# An API is called only if a selected field needs it: delete one of the two lines with dots and run the query again, and that API is not called.

query FieldsOfEachApi {
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
    name: 'NotAuthenticated',
    query: `# The response without a token.
#
# The HTTP status is 200, \`currentSession\` is null, and the error has the \`code\` UNAUTHENTICATED.
# The Headers below have no token in this tab.

query NotAuthenticated {
  currentSession {
    user
    loginTime
  }
}
`,
    headers: () => writeHeaders(new Map(), ['This tab has no token on purpose.']),
    acceptsTokens: false,
  },
  {
    name: 'PartialResponse',
    query: `# A partial response: one of the two APIs fails.
#
# The Headers below have a token that vim25 rejects. The fields of vAPI are returned; those of vim25 are null, each with an error at its path.

query PartialResponse {
  currentSession {
    user
    createdTime
    loginTime
  }
}
`,
    headers: (tokens) =>
      writeHeaders(new Map([...tokens, [vim25Header, 'a-token-that-vim25-rejects']])),
  },
  {
    name: 'AllVCenters',
    query: `# The session on each vCenter.
#
# All vCenters are called in parallel, each with its own token: \`vmware-api-session-id\` is for the first vCenter, \`vmware-api-session-id-<id>\` for the one with that id.

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
