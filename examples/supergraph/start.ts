/**
 * Starts a company's supergraph: two vCenters, vcenter-session, `people`, `audit`, and a gateway in front.
 *
 *     node start.ts [--gateway hive|apollo] [--supergraph FILE]
 *
 * FILE is where to write the supergraph's SDL, for another router to be tried on the same subgraphs.
 * PORT is the gateway's (4000). With CONFIG_FILE, the vCenters are those of that file; each must know the token
 * `demo`, with which `audit` lists the sessions that it starts with. With ROUTER_SECRET, vcenter-session answers
 * the gateway alone.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { startAudit } from './audit/audit.ts';
import { recordLogons } from './audit/record-logons.ts';
import { composeSupergraph } from './compose.ts';
import type { StartGateway } from './gateways/gateway.ts';
import { startPeople } from './people/people.ts';
import { startVcenterSession } from './vcenter-session.ts';
import { startVCenters } from './vcenters.ts';

/** The token that every simulated vCenter knows. */
const TOKEN = 'demo';

const QUERY = '{ logons { at session { user loginTime ipAddress person { name department } } } }';

/** Only the gateway that is asked for is loaded: either takes its time. */
const gateways: Record<string, () => Promise<{ startGateway: StartGateway }>> = {
  hive: () => import('./gateways/hive.ts'),
  apollo: () => import('./gateways/apollo.ts'),
};

const { values } = parseArgs({
  options: { gateway: { type: 'string', default: 'hive' }, supergraph: { type: 'string' } },
});
const loadGateway = gateways[values.gateway];
if (!loadGateway)
  throw new Error(`--gateway is ${Object.keys(gateways).join(' or ')}, not ${values.gateway}.`);

const { CONFIG_FILE, PORT = '4000', ROUTER_SECRET } = process.env;
const headers: Record<string, string> = ROUTER_SECRET ? { 'x-router-secret': ROUTER_SECRET } : {};

const stack = new AsyncDisposableStack();
const stopped = Promise.withResolvers<void>();
// Not `once`: a second signal must not end this process while its parts are still stopping.
process.on('SIGINT', stopped.resolve).on('SIGTERM', stopped.resolve);
try {
  const configFile = CONFIG_FILE ?? stack.use(await startVCenters()).configFile;
  const vcenterSession = closing(await startVcenterSession(configFile, headers));
  const people = closing(await startPeople());
  const audit = closing(await startAudit(await recordLogons(vcenterSession.url, TOKEN, headers)));
  const supergraph = composeSupergraph([vcenterSession, people, audit]);
  if (values.supergraph !== undefined) await writeFile(values.supergraph, supergraph);
  const { startGateway } = await loadGateway();
  const { url } = closing(await startGateway(supergraph, Number(PORT)));
  console.log(`ready: ${url} - try: ${curl(url)}`);
  await stopped.promise;
} finally {
  await stack.disposeAsync();
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
