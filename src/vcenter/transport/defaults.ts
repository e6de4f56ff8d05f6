/** The defaults of the settings that bound the calls of each API of a vCenter, and its connections. */
export const transportDefaults = {
  /** For how long an idle connection is kept, in milliseconds. */
  keepAliveMs: 60_000,
  /** Connections for each API. */
  maxConnections: 64,
  /** Calls for each API that wait for a connection. */
  maxQueued: 500,
  /** Consecutive failures after which the circuit breaker opens. */
  breakerFailures: 10,
  /** For how long calls then fail at once, in milliseconds. */
  breakerResetMs: 5000,
} as const;
