/** The defaults of a vCenter's settings. Those of its connections and calls are the transport's. */
export const vcenterDefaults = {
  /** Its id in the settings. */
  id: 'default',
  release: '8.0.2.0',
  /** The moId of its SessionManager. */
  sessionManager: 'SessionManager',
  /** For one call, its body included, in milliseconds. */
  timeoutMs: 10_000,
  forwardAuthorization: false,
} as const;
