/**
 * Starts a company's supergraph: two vCenters, vcenter-session, `people`, `audit`, and a gateway in front.
 *
 *     node start.ts [--gateway hive|apollo|none] [--supergraph FILE] [--intranet]
 *
 * FILE is where to write the supergraph's SDL, for another router to be tried on the same subgraphs; with
 * `--gateway none` they run without a gateway, and port 4000 is left to that router. With `--intranet` the company
 * has, in the place of `people` and `audit`, a subgraph whose `Session`, `User` and `currentSession` are its own;
 * vcenter-session then has other names for its own (SCHEMA_RENAME).
 * PORT is the gateway's (4000). With CONFIG_FILE, the vCenters are those of that file; each must accept the token
 * `demo`, with which `audit` lists the sessions that it starts with. With ROUTER_SECRET, vcenter-session accepts
 * requests of the gateway alone.
 */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { parseArgs } from 'node:util';
import { startAudit } from './audit/audit.ts';
import { listLogins } from './audit/list-logins.ts';
import { composeSupergraph } from './compose.ts';
import type { StartGateway } from './gateways/gateway.ts';
import { startIntranet } from './intranet/intranet.ts';
import { startPeople } from './people/people.ts';
import { sendQuery } from './send-query.ts';
import { startVcenterSession } from './vcenter-session.ts';
import { startVCenters } from './vcenters.ts';

const { values } = parseArgs({
  options: {
    gateway: { type: 'string', default: 'hive' },
    supergraph: { type: 'string' },
    intranet: { type: 'boolean', default: false },
  },
});

/** The token that every simulated vCenter accepts. */
const TOKEN = 'demo';

/** The names of vcenter-session's types and fields in a supergraph that has a `Session` of its own. */
const RENAME = 'Session=VCenterSession,Query.currentSession=currentVCenterSession';

const QUERY = values.intranet
  ? '{ currentSession { user { name } vcenterSession { user loginTime } } currentVCenterSession { user } }'
  : '{ logins { at session { user loginTime ipAddress person { name department } } } }';

/** Only the selected gateway is loaded, because each loads slowly. */
const gateways: Record<string, () => Promise<{ startGateway: StartGateway }>> = {
  hive: () => import('./gateways/hive.ts'),
  apollo: () => import('./gateways/apollo.ts'),
};

const loadGateway = gateways[values.gateway];
if (!loadGateway && values.gateway !== 'none')
  throw new Error(
    `--gateway: expected ${Object.keys(gateways).join(', ')} or none, received "${values.gateway}".`,
  );

const { CONFIG_FILE, PORT = '4000', ROUTER_SECRET } = process.env;
// Apollo's standalone server would end the process with a stack trace.
if (loadGateway) await checkPort(Number(PORT));
const headers: Record<string, string> = ROUTER_SECRET ? { 'x-router-secret': ROUTER_SECRET } : {};

const stack = new AsyncDisposableStack();
const stopped = Promise.withResolvers<void>();
// Not `once`: a second signal must not end this process while its parts are still stopping.
process.on('SIGINT', stopped.resolve).on('SIGTERM', stopped.resolve);
try {
  const configFile = CONFIG_FILE ?? stack.use(await startVCenters()).configFile;
  const vcenterSession = closing(
    await startVcenterSession(configFile, headers, values.intranet ? RENAME : undefined),
  );
  const subgraphs = [vcenterSession];
  if (values.intranet) {
    const { currentVCenterSession: session } = await sendQuery<{
      currentVCenterSession: { id: string };
    }>(vcenterSession.url, '{ currentVCenterSession { id } }', {
      ...headers,
      'vmware-api-session-id': TOKEN,
    });
    subgraphs.push(closing(await startIntranet(session.id)));
  } else {
    subgraphs.push(closing(await startPeople()));
    const logins = await listLogins(vcenterSession.url, TOKEN, headers);
    subgraphs.push(closing(await startAudit(logins)));
  }
  const supergraph = composeSupergraph(subgraphs);
  if (values.supergraph !== undefined) await writeFile(values.supergraph, supergraph);
  if (loadGateway) {
    const { startGateway } = await loadGateway();
    const { url } = closing(await startGateway(supergraph, Number(PORT)));
    console.log(`ready: ${url} - try: ${curl(url)}`);
  } else {
    const list = subgraphs.map(({ name, url }) => `${name} at ${url}`).join(', ');
    const file = values.supergraph ?? 'the file that --supergraph FILE writes';
    console.log(
      `subgraphs ready, no gateway: ${list} - start a router with the supergraph in ${file}`,
    );
  }
  await stopped.promise;
} finally {
  await stack.disposeAsync();
}

/** Throws where the gateway's port is in use, before anything is started. */
async function checkPort(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}

function closing<Part extends { close(): Promise<void> }>(part: Part): Part {
  stack.defer(() => part.close());
  return part;
}

function curl(url: string): string {
  return [
    `curl -s ${url}`,
    "-H 'content-type: application/json'",
    `-H 'vmware-api-session-id: ${TOKEN}'`,
    `-H 'vmware-api-session-id-lisbon: ${TOKEN}'`,
    `-d '${JSON.stringify({ query: QUERY })}'`,
  ].join(' ');
}
