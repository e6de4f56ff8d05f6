import { expect, test } from 'vitest';
import { callsTo, startWithSimulator, token } from '../support/subgraph.ts';

const query = '{ currentSession { user loginTime } }';
const traced = { ...token('demo'), 'apollo-federation-include-trace': 'ftv1' };
const enabled = { FEDERATED_TRACES: 'true' };

test('returns a federated trace beside the same data for each traced request', async () => {
  const { vcenter, subgraph } = await startWithSimulator({}, enabled);
  const { body: plain } = await subgraph.query(query, token('demo'));
  for (const _ of ['first', 'again']) {
    const { status, body } = await subgraph.query(query, traced);
    expect(status).toBe(200);
    expect(body).toEqual({
      data: expect.objectContaining({ currentSession: expect.anything() }),
      extensions: { ftv1: expect.stringMatching(/^[\w+/]{40,}={0,2}$/) },
    });
  }
  expect(plain).toEqual({ data: expect.anything() });
  expect(callsTo(vcenter)).toHaveLength(6);
});

test('returns no federated trace without the header or without FEDERATED_TRACES', async () => {
  const on = await startWithSimulator({}, enabled);
  const off = await startWithSimulator();
  const untraced = await on.subgraph.query(query, token('demo'));
  expect(untraced.body).not.toHaveProperty('extensions');
  const { body } = await off.subgraph.query(query, traced);
  expect(body).not.toHaveProperty('extensions');
});

test('executes traced requests under the names of SCHEMA_RENAME', async () => {
  const { subgraph } = await startWithSimulator(
    {},
    { ...enabled, SCHEMA_RENAME: 'Session=VCenterSession,Query.currentSession=own' },
  );
  const { body } = await subgraph.query('{ own { __typename user } }', traced);
  expect(body).toMatchObject({
    data: { own: { __typename: 'VCenterSession', user: 'Administrator@vsphere.local' } },
  });
});

test('bounds the documents of traced requests', async () => {
  const { vcenter, subgraph } = await startWithSimulator({}, enabled);
  const { status, body } = await subgraph.query('{ a '.repeat(201), traced);
  expect([status, body]).toEqual([
    400,
    {
      errors: [
        {
          message: 'A document may nest at most 200 levels deep.',
          extensions: { code: 'BAD_REQUEST' },
        },
      ],
    },
  ]);
  expect(vcenter.calls).toEqual([]);
});

test('has no message of a vCenter in a federated trace, and counts traced operations', async () => {
  const { vcenter, subgraph } = await startWithSimulator({}, enabled);
  const messages = [{ id: 'a', default_message: 'a-private-message', args: [] }];
  vcenter.injectFault({ api: 'vapi', vapiError: { errorType: 'ERROR', messages } });
  const { body } = await subgraph.query(query, traced);
  const { extensions } = body as { extensions: { ftv1: string } };
  expect(Buffer.from(extensions.ftv1, 'base64').toString('latin1')).not.toContain('a-private');
  const metrics = await (await fetch(`${subgraph.url}/metrics`)).text();
  expect(metrics).toContain('graphql_operation_duration_seconds_count{result="partial"} 1');
});
