/**
 * Starts the program with the compiled code of its last start, which Node.js keeps beside it. This is plain
 * JavaScript so that nothing has to be stripped of its types then: what does that takes 20 MB, and time.
 */
import nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

if (Number.parseInt(process.versions.node, 10) >= 24) {
  nodeModule.enableCompileCache(fileURLToPath(new URL('../../.cache/compile', import.meta.url)));
  // Once the first requests are answered, so that a later start is fast even if this process is killed.
  setTimeout(nodeModule.flushCompileCache, 2000).unref();
  await import('./serve.ts');
} else {
  console.error(
    `Node.js must be 24 or newer, got ${process.versions.node}. npm start takes the one that npm installs.`,
  );
  process.exitCode = 1;
}
