import { describe, expect, test } from 'vitest';
import type { Api, JsonObject, JsonValue } from '../../src/simulator/index.ts';
import { failure } from '../support/errors.ts';
import { startWithSimulator, token } from '../support/subgraph.ts';

/** Queries the session of a vCenter that returns these properties in the place of its own. */
async function queryWith(
  properties: { vim25?: JsonObject; vapi?: JsonObject },
  selection: string,
): Promise<{ text: string; body: unknown }> {
  const { vcenter, subgraph } = await startWithSimulator();
  vcenter.addSession({ token: 'exact', user: 'jdoe', key: '52-key', ...properties });
  return subgraph.query(`{ currentSession { ${selection} } }`, token('exact'));
}

test('returns every field as upstream has it', async () => {
  const { vcenter, subgraph } = await startWithSimulator({
    clock: () => Date.UTC(2026, 10, 22, 4, 10),
  });
  vcenter.addSession({
    token: 'exact',
    user: 'CORP\\jdoe',
    key: '52-key',
    vim25: { fullName: 'Jöhn "J" Doe \u2028 日本 🚀', ipAddress: '2001:db8::1', userAgent: '' },
  });
  const { body } = await subgraph.query(
    `{ currentSession {
      id user createdTime lastAccessedTime key userName fullName loginTime lastActiveTime locale
      messageLocale extensionSession ipAddress userAgent callCount vcenter { id }
    } }`,
    token('exact'),
  );
  expect(body).toEqual({
    data: {
      currentSession: {
        id: 'default:52-key',
        user: 'jdoe@CORP',
        createdTime: '2026-11-22T04:10:00.000Z',
        lastAccessedTime: '2026-11-22T04:10:00.000Z',
        key: '52-key',
        userName: 'CORP\\jdoe',
        fullName: 'Jöhn "J" Doe \u2028 日本 🚀',
        loginTime: '2026-11-22T04:10:00.000000Z',
        lastActiveTime: '2026-11-22T04:10:00.000000Z',
        locale: 'en',
        messageLocale: 'en',
        extensionSession: false,
        ipAddress: '2001:db8::1',
        userAgent: '',
        callCount: 1,
        vcenter: { id: 'default' },
      },
    },
  });
});

describe('returns callCount digit for digit', () => {
  test.each<[JsonValue, string]>([
    [0, '0'],
    [1, '1'],
    [2_147_483_648, '2147483648'],
    [9_007_199_254_740_991n, '9007199254740991'],
    [9_007_199_254_740_992n, '"9007199254740992"'],
    [9_007_199_254_740_993n, '"9007199254740993"'],
    [9_223_372_036_854_775_807n, '"9223372036854775807"'],
    [-1, '-1'],
    [-9_007_199_254_740_991n, '-9007199254740991'],
    [-9_007_199_254_740_993n, '"-9007199254740993"'],
    [-9_223_372_036_854_775_808n, '"-9223372036854775808"'],
  ])('%s as %s', async (callCount, text) => {
    const response = await queryWith({ vim25: { callCount } }, 'callCount');
    expect(response.text.trim()).toBe(`{"data":{"currentSession":{"callCount":${text}}}}`);
  });
});

/** The responses with each of these values in the place of one property of the session `52-key`. */
async function responsesWith(
  api: Api,
  property: string,
  values: readonly (JsonValue | undefined)[],
  selection: string,
): Promise<unknown[]> {
  const { vcenter, subgraph } = await startWithSimulator();
  vcenter.addSession({ token: 'exact', user: 'jdoe', key: '52-key' });
  const responses = [];
  for (const value of values) {
    vcenter.clearFaults();
    vcenter.injectFault({ api, properties: { [property]: value } });
    responses.push(
      (await subgraph.query(`{ currentSession { ${selection} } }`, token('exact'))).body,
    );
  }
  return responses;
}

/** The response to `{ <field> key user }` where the API of the field sent an invalid body. */
function failedOnly(api: Api, field: string): unknown {
  const failed = api === 'vapi' ? [field, 'user'] : [field, 'key'];
  const whole = { [field]: null, key: '52-key', user: 'jdoe@vsphere.local' };
  return {
    data: {
      currentSession: { ...whole, ...Object.fromEntries(failed.map((name) => [name, null])) },
    },
    errors: failed.map((name) => failure(['currentSession', name], 'BAD_UPSTREAM_RESPONSE', api)),
  };
}

const badTimes: readonly JsonValue[] = [
  ...['', 'now', '2026-11-22', '2026-11-22T04:10:00', '2026-11-22 04:10:00Z', '1795320600'],
  ...['2026-13-22T04:10:00Z', '2026-00-22T04:10:00Z', '2026-02-30T04:10:00Z'],
  ...['2026-11-31T04:10:00Z', '2100-02-29T04:10:00Z', '2026-11-00T04:10:00Z'],
  ...['2026-11-22T24:00:00Z', '2026-11-22T04:60:00Z', '2026-11-22T04:10:61Z'],
  ...['2026-11-22T04:10:00.Z', '2026-11-22T04:10:00+0530', '2026-11-22T04:10:00+24:00'],
  ...[
    '2026-11-22T04:10Z',
    ' 2026-11-22T04:10:00Z',
    '2026-11-22T04:10:00Z\n',
    '٢٠٢٦-11-22T04:10:00Z',
  ],
  ...[0, 1_795_320_600, true, null, [], {}],
];

describe.each<[api: Api, property: string, field: string]>([
  ['vim25', 'loginTime', 'loginTime'],
  ['vim25', 'lastActiveTime', 'lastActiveTime'],
  ['vapi', 'created_time', 'createdTime'],
  ['vapi', 'last_accessed_time', 'lastAccessedTime'],
])('the times that %s returns in %s', (api, property, field) => {
  test.each([
    '2026-11-22T04:10:00.123456+05:30',
    '2026-11-22T04:10:00.123456789Z',
    '2026-11-22T04:10:00Z',
    '2026-11-22T04:10:00.100Z',
    '2026-11-22T04:10:00-00:00',
    '2026-11-22T04:10:00.5-11:00',
    '2024-02-29T23:59:60Z',
    '2000-02-29T00:00:00z',
    '2026-11-22t04:10:00Z',
    '0001-01-01T00:00:00Z',
  ])('are returned character for character: %s', async (time) => {
    const { body } = await queryWith({ [api]: { [property]: time } }, field);
    expect(body).toEqual({ data: { currentSession: { [field]: time } } });
  });

  test('are BAD_UPSTREAM_RESPONSE where they are invalid', async () => {
    const responses = await responsesWith(api, property, badTimes, `${field} key user`);
    expect(responses).toEqual(badTimes.map(() => failedOnly(api, field)));
  });
});

const text: readonly JsonValue[] = [null, 1, true, ['text'], { text: 'text' }];
const mistyped: Readonly<Record<Api, Readonly<Record<string, readonly JsonValue[]>>>> = {
  vim25: {
    key: [...text, '', 'a\nb', 'k'.repeat(257)],
    userName: text,
    fullName: text,
    loginTime: text,
    lastActiveTime: text,
    locale: text,
    messageLocale: text,
    extensionSession: [null, 0, 'false', []],
    ipAddress: text,
    userAgent: text,
    callCount: [null, '5', 1.5, true, [1], 9_223_372_036_854_775_808n, -9_223_372_036_854_775_809n],
  },
  vapi: { user: text, created_time: text, last_accessed_time: text },
};

describe('a missing or mistyped property is BAD_UPSTREAM_RESPONSE', () => {
  test.each(
    (['vim25', 'vapi'] as const).flatMap((api) =>
      Object.entries(mistyped[api]).map(([property, values]) => [api, property, values] as const),
    ),
  )('%s %s: all fields of that API fail, and none of the other', async (api, property, values) => {
    const field = api === 'vapi' ? 'lastAccessedTime' : 'callCount';
    const responses = await responsesWith(
      api,
      property,
      [undefined, ...values],
      `${field} key user`,
    );
    expect(responses).toEqual([undefined, ...values].map(() => failedOnly(api, field)));
  });

  const bodies = ['[]', '[null]', '{}', '"text"', '17', 'true', '{', '<html></html>'];
  test.each<[api: Api, body: string]>([
    ...bodies.map((body): ['vim25', string] => ['vim25', body]),
    // vim25 responds "not authenticated" with null and with an empty body; vAPI does not.
    ...[...bodies, 'null', ''].map((body): ['vapi', string] => ['vapi', body]),
  ])('%s returns %j in the place of a session', async (api, body) => {
    const { vcenter, subgraph } = await startWithSimulator();
    vcenter.injectFault({ api, response: { body } });
    const field = api === 'vapi' ? 'user' : 'key';
    const response = await subgraph.query(`{ currentSession { ${field} } }`, token('demo'));
    expect(response.body).toEqual({
      data: { currentSession: null },
      errors: [failure(['currentSession'], 'BAD_UPSTREAM_RESPONSE', api)],
    });
  });
});

test.each(['k'.repeat(256), 'with: a colon', 'ключ 🚀'])(
  'accepts the id that it returns for a session of the key %s',
  async (key) => {
    const { vcenter, subgraph } = await startWithSimulator();
    vcenter.addSession({ token: 'exact', key });
    const query = (query: string) => subgraph.query(query, token('exact'));
    const { body } = await query('{ currentSession { id } }');
    expect(body).toEqual({ data: { currentSession: { id: `default:${key}` } } });
    const found = await query(`{ session(id: "default:${key}") { key } }`);
    expect(found.body).toEqual({ data: { session: { key } } });
  },
);

test('ignores unknown properties', async () => {
  const { body } = await queryWith(
    {
      vim25: { _typeName: 'UserSession', future: { deep: [1, 2, 9_007_199_254_740_993n] } },
      vapi: { future: null },
    },
    'key user',
  );
  expect(body).toEqual({ data: { currentSession: { key: '52-key', user: 'jdoe@vsphere.local' } } });
});
