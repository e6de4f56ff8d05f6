/**
 * What npm runs after an install: builds GraphiQL's page, and compiles what `npm start` runs. Plain JavaScript,
 * since an install without development dependencies may run it on an older Node.js, which starts nothing here.
 */
await import('./build-graphiql.js');
if (Number.parseInt(process.versions.node, 10) >= 24)
  await import('./compile.ts').catch((error) => console.warn('Nothing is compiled yet:', error));
