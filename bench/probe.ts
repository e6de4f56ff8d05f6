/**
 * Loaded into a server process before its own code (`node --import`): tells the parent, on each message, what
 * the process has used. The server is not changed.
 */

/** What a process has used since its start. */
export interface Usage {
  /** CPU time, user and system, of all its threads, in microseconds. */
  readonly cpuMicros: number;
}

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMicros: user + system } satisfies Usage);
});
