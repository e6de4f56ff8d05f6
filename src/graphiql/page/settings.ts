/** What the server tells the page, in the page's `graphiql-settings` meta element. */
export interface Settings {
  /** The ids of the configured vCenters, in the order of the settings. The first is the default one. */
  readonly vcenters: readonly string[];
  /** Whether the embedded simulator is used, which has a session with the token `demo`. */
  readonly simulator: boolean;
  /** Whether requests need the secret of the router in `x-router-secret`. */
  readonly needsRouterSecret: boolean;
  /** New names of types and root fields, by what they rename: `Session`, `Query.currentSession`. */
  readonly schemaRename: Readonly<Record<string, string>>;
}

/** Reads the settings of the page. Throws where the page was not served by the plugin. */
export function readSettings(page: Document): Settings {
  const content = page.querySelector<HTMLMetaElement>('meta[name="graphiql-settings"]')?.content;
  return JSON.parse(content ?? '') as Settings;
}
