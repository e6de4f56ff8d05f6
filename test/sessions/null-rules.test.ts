import { describe, expect, test } from 'vitest';
import {
  type VapiNotAuthenticated,
  type Vim25NotAuthenticated,
  vapiNotAuthenticatedForms,
  vim25NotAuthenticatedForms,
} from '../../src/simulator/index.ts';
import {
  authenticationRequired,
  type ExpectedFailure,
  failure,
  noToken,
} from '../support/errors.ts';
import { callsTo, startWithSimulator, token } from '../support/subgraph.ts';

const query = '{ currentSession { user loginTime } }';
const user = 'Administrator@vsphere.local';
const time = expect.stringMatching(/^\d{4}-/);

const vapiDetails: Record<VapiNotAuthenticated, ExpectedFailure> = {
  error: authenticationRequired,
  empty: {},
  html: {},
};

const notAuthenticated: ExpectedFailure = {
  message: 'The session is not authenticated.',
  fault: {
    _typeName: 'NotAuthenticated',
    faultstring: 'The session is not authenticated.',
    privilegeId: '',
  },
};

const vim25Details: Record<Vim25NotAuthenticated, ExpectedFailure> = {
  null: {},
  noContent: {},
  empty: {},
  fault: notAuthenticated,
  unauthorized: notAuthenticated,
  unauthorizedEmpty: {},
};

describe('currentSession is null with one error where no API accepts the token', () => {
  test.each<[query: string, api: 'vapi' | 'vim25']>([
    [query, 'vapi'],
    ['{ currentSession { user } }', 'vapi'],
    ['{ currentSession { loginTime } }', 'vim25'],
    ['{ currentSession { id user } }', 'vapi'],
    ['{ currentSession { __typename } }', 'vim25'],
  ])('%s without a token', async (text, api) => {
    const { vcenter, subgraph } = await startWithSimulator();
    const { status, body } = await subgraph.query(text);
    expect(status).toBe(200);
    expect(body).toEqual({
      data: { currentSession: null },
      errors: [failure(['currentSession'], 'UNAUTHENTICATED', api, noToken())],
    });
    expect(vcenter.calls).toEqual([]);
  });

  test.each(
    vapiNotAuthenticatedForms.flatMap((vapi) =>
      vim25NotAuthenticatedForms.map((vim25) => [vapi, vim25] as const),
    ),
  )('vAPI responds with the form %s, vim25 with %s', async (vapi, vim25) => {
    const { vcenter, subgraph } = await startWithSimulator({ notAuthenticated: { vapi, vim25 } });
    const { body } = await subgraph.query(query, token('unknown'));
    expect(body).toEqual({
      data: { currentSession: null },
      errors: [failure(['currentSession'], 'UNAUTHENTICATED', 'vapi', vapiDetails[vapi])],
    });
    expect(callsTo(vcenter)).toEqual(['vapi getSession', 'vim25 currentSession']);
  });

  test.each(vim25NotAuthenticatedForms)(
    'vim25 alone is called and responds with the form %s',
    async (vim25) => {
      const { vcenter, subgraph } = await startWithSimulator({ notAuthenticated: { vim25 } });
      const { body } = await subgraph.query('{ currentSession { key } }', token('unknown'));
      expect(body).toEqual({
        data: { currentSession: null },
        errors: [failure(['currentSession'], 'UNAUTHENTICATED', 'vim25', vim25Details[vim25])],
      });
      expect(callsTo(vcenter)).toEqual(['vim25 currentSession']);
    },
  );

  test('the error of an aliased field has the path of the alias', async () => {
    const { subgraph } = await startWithSimulator();
    const { body } = await subgraph.query('{ me: currentSession { loginTime } }');
    expect(body).toEqual({
      data: { me: null },
      errors: [failure(['me'], 'UNAUTHENTICATED', 'vim25', noToken())],
    });
  });
});

describe('currentSession has the fields of the API that accepts the token', () => {
  test.each(vim25NotAuthenticatedForms)(
    'vim25 does not and responds with the form %s',
    async (vim25) => {
      const { vcenter, subgraph } = await startWithSimulator({ notAuthenticated: { vim25 } });
      vcenter.endSession('demo', 'vim25');
      const { body } = await subgraph.query(query, token('demo'));
      expect(body).toEqual({
        data: { currentSession: { user, loginTime: null } },
        errors: [
          failure(['currentSession', 'loginTime'], 'UNAUTHENTICATED', 'vim25', vim25Details[vim25]),
        ],
      });
    },
  );

  test.each(vapiNotAuthenticatedForms)(
    'vAPI does not and responds with the form %s',
    async (vapi) => {
      const { vcenter, subgraph } = await startWithSimulator({ notAuthenticated: { vapi } });
      vcenter.endSession('demo', 'vapi');
      const { body } = await subgraph.query(query, token('demo'));
      expect(body).toEqual({
        data: { currentSession: { user: null, loginTime: time } },
        errors: [failure(['currentSession', 'user'], 'UNAUTHENTICATED', 'vapi', vapiDetails[vapi])],
      });
    },
  );
});

test('currentSession has an error at every field of the API that failed, aliases included', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  vcenter.injectFault({ api: 'vapi', reset: true });
  const { body } = await subgraph.query(
    '{ currentSession { a: user user createdTime lastAccessedTime key vcenter { id } } }',
    token('demo'),
  );
  const names = ['a', 'user', 'createdTime', 'lastAccessedTime'];
  expect(body).toEqual({
    data: {
      currentSession: {
        ...Object.fromEntries(names.map((name) => [name, null])),
        key: vcenter.sessionFor('demo')?.key,
        vcenter: { id: 'default' },
      },
    },
    errors: names.map((name) => failure(['currentSession', name], 'SERVICE_UNAVAILABLE', 'vapi')),
  });
});

test('currentSession has no error for vim25 where only __typename and vcenter are selected beside vAPI’s fields', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  vcenter.injectFault({ api: 'vim25', reset: true });
  const { body } = await subgraph.query(
    '{ currentSession { __typename user vcenter { id } } }',
    token('demo'),
  );
  expect(body).toEqual({
    data: { currentSession: { __typename: 'Session', user, vcenter: { id: 'default' } } },
  });
});

test.each(['id', 'id user', 'user id loginTime'])(
  'currentSession { %s } is null where vim25 failed, with the error at the id',
  async (selection) => {
    const { vcenter, subgraph } = await startWithSimulator();
    vcenter.injectFault({ api: 'vim25', reset: true });
    const { body } = await subgraph.query(`{ currentSession { ${selection} } }`, token('demo'));
    const path = selection === 'id' ? ['currentSession'] : ['currentSession', 'id'];
    expect(body).toEqual({
      data: { currentSession: null },
      errors: expect.arrayContaining([failure(path, 'SERVICE_UNAVAILABLE', 'vim25')]),
    });
  },
);

test.each<[fails: 'vapi' | 'vim25', other: 'vapi' | 'vim25']>([
  ['vapi', 'vim25'],
  ['vim25', 'vapi'],
])(
  'currentSession is null with the error where %s fails and %s responds "not authenticated"',
  async (fails, other) => {
    const { vcenter, subgraph } = await startWithSimulator();
    vcenter.endSession('demo', other);
    vcenter.injectFault({ api: fails, reset: true });
    const { body } = await subgraph.query(query, token('demo'));
    expect(body).toEqual({
      data: { currentSession: null },
      errors: [failure(['currentSession'], 'SERVICE_UNAVAILABLE', fails)],
    });
  },
);
