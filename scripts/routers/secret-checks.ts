import assert from 'node:assert/strict';
import type { Check } from './check.ts';
import { postQuery } from './query.ts';
import { recordSubgraph } from './recorded-subgraphs.ts';
import { RouterStartError } from './routers.ts';
import type { Target } from './target.ts';

/** Values of `ROUTER_SECRET` that a router's YAML file may read as something else. */
const secrets = [
  undefined,
  'a-"quoted"-secret',
  'a\\backslash',
  '12345678',
  '0x1234567',
  '12345e67',
  '0b101010',
  '0o123456',
];

/** Checks that each secret is sent as it is, or keeps the router from starting, as docs/supergraph.md states. */
export const secretChecks: readonly Check[] = secrets.map((secret) => ({
  name: secret === undefined ? 'without `ROUTER_SECRET`' : `\`ROUTER_SECRET\` of \`${secret}\``,
  async run(target) {
    const sent = await sentSecret(target, secret);
    const unusable = target.router.unusableSecrets ?? [];
    assert.equal(sent, unusable.includes(secret) ? notStarted : secret);
    return sent === notStarted ? 'does not start' : 'is sent as it is';
  },
}));

const notStarted = Symbol('the router does not start');

/** What a router with this secret sends in `x-router-secret`. */
async function sentSecret(
  { company, start }: Target,
  secret: string | undefined,
): Promise<unknown> {
  await using recorded = await recordSubgraph(company);
  try {
    await using router = await start({ subgraphs: recorded.subgraphs, secret });
    await postQuery(router.url, '{ vcenters { id } }');
  } catch (error) {
    if (error instanceof RouterStartError) return notStarted;
    throw error;
  }
  return recorded.requests.at(-1)?.['x-router-secret'];
}
