#!/usr/bin/env node
// Everything else is imported only after these: an older Node.js cannot load it, and what is loaded
// before the compile cache is on is compiled at every start.
try {
  await import('../node-version.ts');
  const { enableCache } = await import('./compile-cache.ts');
  enableCache();
  const args = process.argv.slice(2);
  const [command = 'serve', ...rest] = args;
  // The parser of arguments is memory that a server would hold as long as it runs.
  if (command === 'serve' && rest.length === 0) await (await import('./serve.ts')).serve();
  else await (await import('./program.ts')).run(args);
} catch (error) {
  if (Number.parseInt(process.versions.node, 10) >= 24) throw error;
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
