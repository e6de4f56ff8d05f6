#!/usr/bin/env node
// Everything else is imported only after these: an older Node.js cannot load it, and what is loaded
// before the compile cache is on is compiled at every start.
try {
  await import('../node-version.ts');
  const { enableCache } = await import('./compile-cache.ts');
  enableCache();
  const { run } = await import('./program.ts');
  await run(process.argv.slice(2));
} catch (error) {
  if (Number.parseInt(process.versions.node, 10) >= 24) throw error;
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
