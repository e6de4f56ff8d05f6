import { expect, test } from 'vitest';
import { startSubgraph, startVCenter, token } from '../support/subgraph.ts';

const name = 'vcenter_call_duration_seconds';

test('counts calls of each vCenter and API by their result, and names nobody', async () => {
  const vcenter = await startVCenter();
  const { url, query } = await startSubgraph({ VCENTER_URL: vcenter.url, VCENTER_ID: 'berlin' });
  vcenter.injectFault({ api: 'vim25', reset: true, times: 1 });
  await query('{ currentSession { user loginTime } }', token('demo'));
  await query('{ currentSession { user loginTime } }', token('unknown'));

  const response = await fetch(`${url}/metrics`);
  const text = await response.text();
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/plain');
  const counts = text.split('\n').filter((line) => line.startsWith(`${name}_count`));
  expect(counts.sort()).toEqual([
    `${name}_count{vcenter="berlin",api="vapi",result="200"} 1`,
    `${name}_count{vcenter="berlin",api="vapi",result="401"} 1`,
    `${name}_count{vcenter="berlin",api="vim25",result="200"} 1`,
    `${name}_count{vcenter="berlin",api="vim25",result="SERVICE_UNAVAILABLE"} 1`,
  ]);
  expect(text).toContain('process_cpu_user_seconds_total');
  for (const secret of ['demo', 'unknown', vcenter.sessionFor('demo')?.key ?? '?'])
    expect(text).not.toContain(secret);
});
