import { expect, test } from 'vitest';
import { startSubgraph, startVCenter, token } from './support/subgraph.ts';

test('asks both APIs at once and merges their answers', async () => {
  const vcenter = await startVCenter();
  const { url, ask } = await startSubgraph({ VCENTER_URL: vcenter.url });
  const answer = await ask('{ currentSession { user loginTime } }', token('demo'));
  expect(url).toMatch(/^http:/);
  expect(answer.body).toEqual({
    data: {
      currentSession: {
        user: 'Administrator@vsphere.local',
        loginTime: expect.stringMatching(/^\d{4}-/),
      },
    },
  });
});
