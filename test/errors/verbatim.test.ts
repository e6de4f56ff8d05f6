import { expect, test } from 'vitest';
import { startSubgraph, token } from '../support/subgraph.ts';
import { type Double, http, send, startDouble } from '../support/vcenter-double.ts';

type Field = 'user' | 'loginTime';

/** Queries one field where the vCenter responds with this body; returns the text of the response. */
async function queryField(
  field: Field,
  body: string | Uint8Array,
  { status = 500, credential = 'a-token' } = {},
): Promise<string> {
  const double: Double = await startDouble();
  double.respondWith(field === 'user' ? 'vapi' : 'vim25', credential, send(http(status, body)));
  const subgraph = await startSubgraph({ VCENTER_URL: double.url });
  const { text } = await subgraph.query(`{ currentSession { ${field} } }`, token(credential));
  return text;
}

/** The text of `extensions.vcenter.error` or `.fault`: all that is between its brackets. */
function detailsIn(response: string): string {
  const [, details = ''] = /"(?:error|fault)":(\{.*\})\}\}\}\]/s.exec(response) ?? [];
  return details;
}

function messageIn(response: string): unknown {
  const { errors } = JSON.parse(response) as { errors?: { message?: unknown }[] };
  return errors?.[0]?.message;
}

const message =
  '{"id":"com.vmware.it.failed","default_message":"It failed at 9007199254740993.",' +
  '"args":["9007199254740993","ok"],"params":{"when":{"dt":"2026-11-22T04:10:00.123456+05:30","format":"SHORT_DATE_TIME"},' +
  '"who":{"s":"Ærø 你好 \u{1F680}"},"count":{"i":9007199254740993},"size":{"d":1.10,"precision":2},"huge":{"i":-123456789012345678901234567890},' +
  '"tiny":{"d":1e-400},"negative":{"i":-0},"what":{"l":{"id":"a.b","params":{"x":{"l":{"id":"c.d","params":{"y":{"i":1.0}}}}}}}},' +
  '"localized":"Es ist gescheitert.","a member of its own":null}';

const vapiErrors = {
  'a stack of messages with params of every kind': `{"messages":[${message},${message}],"error_type":"ERROR"}`,
  ArgumentLocations:
    '{"messages":[],"data":{"primary":"id","secondary":["b","a","c"]},"error_type":"ERROR"}',
  FileLocations: '{"messages":[],"data":{"files":["z","y"]},"error_type":"ERROR"}',
  TransientIndication: '{"messages":[],"data":{"is_transient":false},"error_type":"ERROR"}',
  DynamicID: '{"messages":[],"data":{"type":"VirtualMachine","id":"vm-1"},"error_type":"ERROR"}',
  'data that is a number': '{"messages":[],"data":18446744073709551616,"error_type":"ERROR"}',
  'data that is a text': '{"messages":[],"data":"text","error_type":"ERROR"}',
  'data that is null': '{"messages":[],"data":null,"error_type":"ERROR"}',
  'data with numbers in lists':
    '{"messages":[],"data":[3,1,2,0.1,9007199254740993,[]],"error_type":"ERROR"}',
  'data with names of JavaScript':
    '{"messages":[],"data":{"__proto__":{"a":1},"constructor":2,"toJSON":3},"error_type":"ERROR"}',
  'messages that are none': '{"messages":[null,1,"text",[],{"id":null}],"error_type":"ERROR"}',
  'no type': '{"messages":[{"id":"a","default_message":"It failed.","args":[]}]}',
  'a type alone': '{"error_type":"ERROR"}',
};

test.each(Object.entries(vapiErrors))('forwards vAPI’s error unchanged: %s', async (_, error) => {
  expect(detailsIn(await queryField('user', error))).toBe(error);
});

test('drops members of vAPI’s error other than the three', async () => {
  const response = await queryField(
    'user',
    '{"challenge":"Basic realm=leak","messages":[],"stack":"leak","data":{"is_transient":true},"__proto__":{"leak":1},"error_type":"UNAUTHENTICATED"}',
  );
  expect(detailsIn(response)).toBe(
    '{"messages":[],"data":{"is_transient":true},"error_type":"UNAUTHENTICATED"}',
  );
});

test.each(['{}', 'null', '"text"', '7', '[]'])(
  'drops messages that are no list: %s',
  async (messages) => {
    const response = await queryField('user', `{"messages":${messages},"error_type":"ERROR"}`);
    expect(detailsIn(response)).toBe(
      messages === '[]' ? '{"messages":[],"error_type":"ERROR"}' : '{"error_type":"ERROR"}',
    );
  },
);

test.each([
  ['localized', '[{"default_message":"English","localized":"Deutsch"}]', 'Deutsch'],
  ['default_message', '[{"default_message":"English"}]', 'English'],
  ['default_message', '[{"default_message":"English","localized":""}]', 'English'],
  ['default_message', '[{"default_message":"English","localized":7}]', 'English'],
  ['the first', '[{"default_message":"First"},{"localized":"Second"}]', 'First'],
  [
    'the default of the code',
    '[{"id":"a"},{"localized":"Second"}]',
    'The vCenter reported an error.',
  ],
  ['the default of the code', '[{"default_message":""}]', 'The vCenter reported an error.'],
  ['the default of the code', '[null]', 'The vCenter reported an error.'],
  ['the default of the code', '[]', 'The vCenter reported an error.'],
])('the message of an error of vAPI is %s: %s', async (_, messages, expected) => {
  const response = await queryField('user', `{"messages":${messages},"error_type":"ERROR"}`);
  expect(messageIn(response)).toBe(expected);
});

test.each([
  [
    'faultMessage',
    '"faultMessage":[{"key":"a","message":"Deutsch"},{"message":"b"}],"faultstring":"English"',
    'Deutsch',
  ],
  ['faultstring', '"faultMessage":[],"faultstring":"English"', 'English'],
  [
    'faultstring',
    '"faultMessage":[{"key":"a"},{"message":"b"}],"faultstring":"English"',
    'English',
  ],
  ['faultstring', '"faultMessage":"b","faultstring":"English"', 'English'],
  ['faultstring', '"faultMessage":[{"message":""}],"faultstring":"English"', 'English'],
  [
    'the default of the code',
    '"faultMessage":null,"faultstring":{"a":1}',
    'The vCenter reported an error.',
  ],
  ['the default of the code', '"faultstring":""', 'The vCenter reported an error.'],
])('the message of a fault of vim25 is %s: %s', async (_, members, expected) => {
  const response = await queryField('loginTime', `{"_typeName":"SystemError",${members}}`);
  expect(messageIn(response)).toBe(expected);
});

const faults = {
  'faultMessage with its arguments':
    '{"_typeName":"NoPermission","faultMessage":[{"_typeName":"LocalizableMessage","key":"a.b","arg":[{"key":"1","value":{"_typeName":"PrimitiveLong","_value":9007199254740993}}],"message":"Nein."}],"faultstring":"No."}',
  missingPrivileges:
    '{"_typeName":"NoPermission","missingPrivileges":[{"_typeName":"NoPermissionEntityPrivileges","entity":{"_typeName":"ManagedObjectReference","type":"Folder","value":"group-d1"},"privilegeIds":["b","a"]}],"privilegeId":""}',
  'a cause of a cause':
    '{"_typeName":"SystemError","faultCause":{"_typeName":"HostCommunication","faultCause":{"faultstring":"The innermost."},"faultstring":"Inner."}}',
};

test.each(Object.entries(faults))('forwards vim25’s fault unchanged: %s', async (_, fault) => {
  expect(detailsIn(await queryField('loginTime', fault))).toBe(fault);
});

test('drops properties of vim25’s fault, and of its causes, other than the six', async () => {
  const response = await queryField(
    'loginTime',
    '{"_typeName":"NotAuthenticated","object":{"leak":1},"faultCause":{"_typeName":"A","leak":1,"faultCause":{"leak":2}},"privilegeId":""}',
  );
  expect(detailsIn(response)).toBe(
    '{"_typeName":"NotAuthenticated","faultCause":{"_typeName":"A","faultCause":{}},"privilegeId":""}',
  );
});

test.each(['"text"', '[]', 'null', '7'])('drops a cause that is no fault: %s', async (cause) => {
  const response = await queryField(
    'loginTime',
    `{"_typeName":"SystemError","faultCause":${cause}}`,
  );
  expect(detailsIn(response)).toBe('{"_typeName":"SystemError"}');
});

/** vAPI's message parameters, nested in each other. */
function nested(levels: number): string {
  return `${'{"l":{"id":"a","params":{"x":'.repeat(levels)}{"i":9007199254740993}${'}}}'.repeat(levels)}`;
}

test.each([1, 50, 320])('forwards parameters that nest %i levels deep', async (levels) => {
  const error = `{"messages":[{"params":{"x":${nested(levels)}}}],"error_type":"NOT_FOUND"}`;
  expect(detailsIn(await queryField('user', error))).toBe(error);
});

test.each([
  [
    'vAPI',
    'user',
    (inner: string) =>
      `{"messages":[{"localized":"Tief.","params":${inner}}],"error_type":"NOT_FOUND"}`,
  ],
  [
    'vim25',
    'loginTime',
    (inner: string) =>
      `{"_typeName":"NotFound","faultMessage":[{"message":"Tief.","arg":${inner}}]}`,
  ],
] as const)(
  'keeps the code, the message and the outer levels of an error that nests too deep: %s',
  async (_, field, wrap) => {
    const response = await queryField(field, wrap('{"x":['.repeat(30_000) + ']}'.repeat(30_000)));
    const { errors } = JSON.parse(response) as { errors: { extensions: { code: unknown } }[] };
    expect(errors[0]?.extensions.code).toBe('NOT_FOUND');
    expect(messageIn(response)).toBe('Tief.');
    expect(detailsIn(response)).toMatch(/\{"x":\[\{"x":\[.*null.*\]\}\]\}/);
    expect(response.length).toBeLessThan(10_000);
  },
);

test('forwards the outer causes of a fault whose causes nest too deep', async () => {
  const cause = '{"_typeName":"A","faultCause":';
  const response = await queryField('loginTime', `${cause.repeat(8_000)}{}${'}'.repeat(8_000)}`);
  expect(detailsIn(response)).toMatch(/^(?:\{"_typeName":"A","faultCause":){900}/);
});

test('returns a session with an unknown member that nests deep', async () => {
  const session =
    '{"user":"u","created_time":"2026-11-22T04:10:00Z","last_accessed_time":"2026-11-22T04:10:00Z","more":';
  const deep = `${session}${'['.repeat(30_000)}12345678901234567890${']'.repeat(30_000)}}`;
  expect(JSON.parse(await queryField('user', deep, { status: 200 }))).toEqual({
    data: { currentSession: { user: 'u' } },
  });
});

test('redacts the token in an error of vAPI', async () => {
  const credential = 'abc"\\/1234567890';
  const inJson = JSON.stringify(credential).slice(1, -1);
  const error = `{"messages":[{"id":"x${inJson}y","args":["${inJson}"],"default_message":"No session ${inJson}, ${inJson}!","params":{"${inJson}":{"s":"\\u0061bc\\"\\\\\\/1234567890"}}}],"data":["${inJson}"],"error_type":"${inJson}"}`;
  const response = await queryField('user', error, { credential });
  expect(response).not.toContain(inJson);
  expect(messageIn(response)).toBe('No session [token], [token]!');
  expect(detailsIn(response)).toBe(
    '{"messages":[{"id":"x[token]y","args":["[token]"],"default_message":"No session [token], [token]!","params":{"[token]":{"s":"[token]"}}}],"data":["[token]"],"error_type":"[token]"}',
  );
});

test.each([
  [
    'demo',
    'demo failed: the demonstration of [demo]',
    '[token] failed: the demonstration of [[token]]',
  ],
  ['error', 'an error is no errors', 'an [token] is no errors'],
  ['e', 'e is one letter', '[token] is one letter'],
])('redacts a short token only where it is a whole word: %s', async (credential, sent, shown) => {
  const error = {
    messages: [{ id: 'm', default_message: sent, args: [] }],
    error_type: 'NOT_FOUND',
  };
  const response = await queryField('user', JSON.stringify(error), { credential });
  expect(messageIn(response)).toBe(shown);
  expect(JSON.parse(detailsIn(response) ?? '')).toEqual({
    messages: [{ id: 'm', default_message: shown, args: [] }],
    error_type: 'NOT_FOUND',
  });
});

test('redacts the token in a fault, and in numbers', async () => {
  const credential = '98765432109876543210';
  const fault = `{"_typeName":"SystemError","faultCause":{"faultstring":"${credential}"},"faultstring":"${credential}","privilegeId":${credential}.5}`;
  const response = await queryField('loginTime', fault, { credential });
  expect(detailsIn(response)).toBe(
    '{"_typeName":"SystemError","faultCause":{"faultstring":"[token]"},"faultstring":"[token]","privilegeId":"[token]"}',
  );
});
