/** Builds GraphiQL's page for the sources, which `npm run dev` and `npm test` run, into .cache/graphiql. */
import { buildGraphiQL } from './graphiql.js';

await buildGraphiQL();
