/** Loaded into a server process before its own code: tells the parent, on each message, what the process holds. */

/** What a process holds. */
export interface ProcessResources {
  /** Resident memory, in bytes. */
  readonly memory: number;
  /** JavaScript's heap in use, in bytes, after a collection. */
  readonly heap: number;
  /** Sockets, timers and other handles that are active. */
  readonly handles: number;
  /** Listeners of the process itself. */
  readonly listeners: number;
}

process.on('message', () => {
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  process.send?.({
    memory: rss,
    heap: heapUsed,
    handles: process.getActiveResourcesInfo().length,
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
  } satisfies ProcessResources);
});
