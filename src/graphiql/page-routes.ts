import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { acceptStrategy } from './accept-html.ts';
import type { GraphiQLOptions } from './options.ts';
import { fileHeaders, pageHeaders } from './security-headers.ts';

/**
 * The built page and its files: beside this file where it is compiled, else those that `npm run dev` and
 * `npm test` build for the sources, so that neither rebuilds what a running `npm start` serves.
 */
const isSource = import.meta.url.endsWith('.ts');
const built = new URL(isSource ? '../../.cache/graphiql/' : './page/', import.meta.url);

const notBuilt = isSource
  ? 'GraphiQL is not built. Start with "npm run dev", which builds it.'
  : 'GraphiQL is not built. Run "npm run build", and start again.';

/** Routes of the page and of the files that belong to it. */
export async function pageRoutes(app: FastifyInstance, options: GraphiQLOptions): Promise<void> {
  const page = await buildPage(options);
  if (page === undefined) app.log.warn(notBuilt);

  app.get('/', (_request, reply) => reply.redirect('/graphql'));

  if (!app.hasConstraintStrategy('accept')) app.addConstraintStrategy(acceptStrategy);
  app.get('/graphql', { constraints: { accept: 'html' } }, (_request, reply) => {
    reply.headers(pageHeaders);
    if (page !== undefined) return reply.type('text/html; charset=utf-8').send(page);
    return reply.code(503).type('text/plain; charset=utf-8').send(`${notBuilt}\n`);
  });

  if (page === undefined) return;
  await app.register(fastifyStatic, {
    root: fileURLToPath(new URL('assets/', built)),
    prefix: '/graphiql/assets/',
    preCompressed: true,
    // A file's name has a hash of its content: under one name it never changes.
    immutable: true,
    maxAge: '1y',
    index: false,
    setHeaders: (reply) => reply.headers(fileHeaders),
  });
}

/** The page with the settings in it; undefined where it was not built. */
async function buildPage({
  vcenters,
  simulator = false,
  routerSecret,
  schemaRename = new Map(),
}: GraphiQLOptions): Promise<string | undefined> {
  const file = new URL('index.html', built);
  if (!existsSync(file)) return undefined;
  const settings = JSON.stringify({
    vcenters: vcenters.map(({ id }) => id),
    simulator,
    needsRouterSecret: routerSecret !== undefined,
    schemaRename: Object.fromEntries(schemaRename),
  });
  // A function, since a text would have its dollar signs read.
  return (await readFile(file, 'utf8')).replace('%SETTINGS%', () => escapeAttribute(settings));
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
