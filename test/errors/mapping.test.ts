import { beforeEach, describe, expect, test } from 'vitest';
import { catalogue, codeByErrorType, codeByFault } from '../../src/errors/catalogue.ts';
import { startSubgraph, startWithSimulator, token } from '../support/subgraph.ts';
import { type Double, http, json, send, startDouble } from '../support/vcenter-double.ts';
import { sessionInfo, userSession } from './responses.ts';
import { vapiErrorTypes } from './vapi-error-types.ts';
import { vim25Faults } from './vim25-faults.ts';

let double: Double;
let query: (field: 'user' | 'loginTime', response: Uint8Array) => Promise<unknown>;

beforeEach(async () => {
  double = await startDouble();
  const subgraph = await startSubgraph({ VCENTER_URL: double.url });
  query = async (field, response) => {
    double.respondWith('vapi', 'a-token', send(response));
    double.respondWith('vim25', 'a-token', send(response));
    const { status, body } = await subgraph.query(
      `{ currentSession { ${field} } }`,
      token('a-token'),
    );
    expect(status).toBe(200);
    return body;
  };
});

const fields = [
  ['user', 'vapi'],
  ['loginTime', 'vim25'],
] as const;

/** The whole response where every API failed. */
function failed(message: string, extensions: unknown): unknown {
  const locations = [{ line: 1, column: 3 }];
  return {
    data: { currentSession: null },
    errors: [{ message, path: ['currentSession'], locations, extensions }],
  };
}

describe('error_type of vAPI', () => {
  test.each(vapiErrorTypes)('$errorType has the extensions of the table', async (row) => {
    const messages = [{ id: 'an.id', default_message: 'It went wrong.', args: [] }];
    const response = json(500, {
      messages,
      error_type: row.errorType,
      challenge: 'Basic realm="leak"',
      unknown: { leak: true },
    });
    expect(await query('user', response)).toEqual(failed('It went wrong.', row.extensions));
  });

  test('is in the table, and in the catalogue, for each of the 25', () => {
    expect(vapiErrorTypes).toHaveLength(25);
    expect(vapiErrorTypes.map(({ errorType }) => errorType).sort()).toEqual(
      [...codeByErrorType.keys()].sort(),
    );
  });

  test.each([
    ['unknown', 'SOMETHING_NEWER', 'UPSTREAM_ERROR'],
    ['of another case', 'not_found', 'UPSTREAM_ERROR'],
    ["a property of JavaScript's own", 'constructor', 'UPSTREAM_ERROR'],
    ['null', null, 'NOT_FOUND'],
    ['empty', '', 'NOT_FOUND'],
  ] as const)('that is %s is forwarded unchanged, and has its code', async (_, errorType, code) => {
    const response = json(404, { messages: [], error_type: errorType });
    const error = { messages: [], error_type: errorType };
    expect(await query('user', response)).toEqual(
      failed(catalogue[code].sentence, {
        code,
        vcenter: { id: 'default', api: 'vapi', retryable: false, error },
      }),
    );
  });

  test.each([[42], [true], [{ type: 'NOT_FOUND' }], [['NOT_FOUND']]])(
    'that is not a string, %j, counts as missing',
    async (errorType) => {
      const response = json(403, { messages: [], error_type: errorType });
      const error = { messages: [] };
      expect(await query('user', response)).toEqual(
        failed(catalogue.FORBIDDEN.sentence, {
          code: 'FORBIDDEN',
          vcenter: { id: 'default', api: 'vapi', retryable: false, error },
        }),
      );
    },
  );
});

test.each([
  [{ is_transient: true }, true],
  [{ is_transient: true, more: 1 }, true],
  [{ is_transient: false }, false],
  [{ is_transient: 'true' }, false],
  [[{ is_transient: true }], false],
  ['is_transient', false],
  [null, false],
])('maps data %j of vAPI to retryable: %s', async (data, retryable) => {
  const error = { messages: [], data, error_type: 'NOT_FOUND' };
  expect(await query('user', json(404, error))).toEqual(
    failed(catalogue.NOT_FOUND.sentence, {
      code: 'NOT_FOUND',
      vcenter: { id: 'default', api: 'vapi', retryable, error },
    }),
  );
});

test('forwards the error of hello, as a failure of the API that the release is negotiated for', async () => {
  const { vcenter, subgraph } = await startWithSimulator({}, { VCENTER_RELEASE: 'auto' });
  const messages = [{ id: 'a', default_message: 'It is starting.', args: [] }];
  const error = {
    messages,
    data: { is_transient: true },
    error_type: 'NOT_ALLOWED_IN_CURRENT_STATE',
  };
  vcenter.injectFault({
    operation: 'hello',
    response: { status: 500, body: JSON.stringify(error) },
  });
  const { body } = await subgraph.query('{ currentSession { loginTime } }', token('demo'));
  expect(body).toEqual(
    failed('It is starting.', {
      code: 'NOT_ALLOWED_IN_CURRENT_STATE',
      vcenter: { id: 'default', api: 'vim25', retryable: true, error },
    }),
  );
});

describe('a fault of vim25', () => {
  test.each(vim25Faults)('$typeName has the extensions of the table', async (row) => {
    const fault = { _typeName: row.typeName, faultstring: 'It went wrong.', unknown: 'leak' };
    expect(await query('loginTime', json(500, fault))).toEqual(
      failed('It went wrong.', row.extensions),
    );
  });

  test('is in the table wherever the catalogue has it', () => {
    expect(vim25Faults.map(({ typeName }) => typeName)).toEqual(
      expect.arrayContaining([...codeByFault.keys()]),
    );
  });

  test.each([200, 400, 401, 403, 404, 500, 503])(
    'is identified by its _typeName under status %i',
    async (status) => {
      const fault = { _typeName: 'NoPermission', privilegeId: 'System.View' };
      expect(await query('loginTime', json(status, fault))).toEqual(
        failed(catalogue.FORBIDDEN.sentence, {
          code: 'FORBIDDEN',
          vcenter: { id: 'default', api: 'vim25', retryable: false, fault },
        }),
      );
    },
  );

  test.each([[''], [7], [null], [undefined], ['UserSession']])(
    'with the _typeName %j is none, and its code is that of the status',
    async (typeName) => {
      const response = json(503, { _typeName: typeName, faultstring: 'leak' });
      expect(await query('loginTime', response)).toEqual(
        failed(catalogue.SERVICE_UNAVAILABLE.sentence, {
          code: 'SERVICE_UNAVAILABLE',
          vcenter: { id: 'default', api: 'vim25', retryable: true },
        }),
      );
    },
  );
});

/** The statuses of the contract, and one of each other kind. */
const codesByStatus = [
  [400, 'INVALID_REQUEST', false],
  [401, 'UNAUTHENTICATED', false],
  [402, 'UPSTREAM_ERROR', false],
  [403, 'FORBIDDEN', false],
  [404, 'NOT_FOUND', false],
  [405, 'UPSTREAM_ERROR', false],
  [408, 'TIMED_OUT', true],
  [409, 'UPSTREAM_ERROR', false],
  [418, 'UPSTREAM_ERROR', false],
  [429, 'RESOURCE_BUSY', true],
  [500, 'INTERNAL_SERVER_ERROR', false],
  [501, 'UNSUPPORTED', false],
  [502, 'SERVICE_UNAVAILABLE', true],
  [503, 'SERVICE_UNAVAILABLE', true],
  [504, 'TIMED_OUT', true],
  [505, 'UPSTREAM_ERROR', false],
  [599, 'UPSTREAM_ERROR', false],
  [999, 'UPSTREAM_ERROR', false],
  [201, 'BAD_UPSTREAM_RESPONSE', false],
  [202, 'BAD_UPSTREAM_RESPONSE', false],
  [299, 'BAD_UPSTREAM_RESPONSE', false],
  [300, 'BAD_UPSTREAM_RESPONSE', false],
  [301, 'BAD_UPSTREAM_RESPONSE', false],
  [302, 'BAD_UPSTREAM_RESPONSE', false],
  [303, 'BAD_UPSTREAM_RESPONSE', false],
  [304, 'BAD_UPSTREAM_RESPONSE', false],
  [307, 'BAD_UPSTREAM_RESPONSE', false],
  [308, 'BAD_UPSTREAM_RESPONSE', false],
  [399, 'BAD_UPSTREAM_RESPONSE', false],
] as const;

const html = '<!doctype html><html><title>leak.example.com</title>/etc/leak.conf</html>';

/** Responses whose bodies name no error. */
const responsesWithoutError: ((status: number) => Uint8Array)[] = [
  (status) => http(status),
  (status) => http(status, html, ['content-type: text/html']),
  (status) => json(status, { message: 'leak', path: '/api/session' }),
  (status) => json(status, [{ error_type: 'NOT_FOUND', _typeName: 'NotFound' }]),
  (status) => http(status, Buffer.from([0x22, 0xe9, 0x22])),
  (status) => http(status, html, ['content-encoding: gzip']),
  (status) => http(status, html, ['content-encoding: zstd']),
  (status) => http(status, '', ['content-encoding: br']),
  (status) => http(status, '', ['location: http://leak.example.com/login']),
];

test.each(codesByStatus)(
  'maps status %i to %s where the body names no error',
  async (status, code, retryable) => {
    for (const makeResponse of responsesWithoutError)
      for (const [field, api] of fields)
        expect(await query(field, makeResponse(status))).toEqual(
          failed(catalogue[code].sentence, { code, vcenter: { id: 'default', api, retryable } }),
        );
    expect(double.requests).toHaveLength(2 * responsesWithoutError.length);
  },
);

test('maps status 204 to UNAUTHENTICATED for vim25, and to BAD_UPSTREAM_RESPONSE for vAPI', async () => {
  for (const [field, api, code] of [
    ['user', 'vapi', 'BAD_UPSTREAM_RESPONSE'],
    ['loginTime', 'vim25', 'UNAUTHENTICATED'],
  ] as const)
    expect(await query(field, noContent)).toEqual(
      failed(catalogue[code].sentence, {
        code,
        vcenter: { id: 'default', api, retryable: false },
      }),
    );
});

const noContent = Buffer.from('HTTP/1.1 204 No Content\r\n\r\n');

describe('a response with status 200', () => {
  const wrong = {
    'an empty object': '{}',
    'an empty list': '[]',
    'a text': '"Administrator"',
    'a number': '1',
    'a text that is no JSON': '<html></html>',
    'a text that is no UTF-8': Buffer.from([0x22, 0xe9, 0x22]),
    'a truncated session': JSON.stringify(userSession).slice(0, 80),
    'two values': `${JSON.stringify(sessionInfo)}${JSON.stringify(sessionInfo)}`,
    'an error under status 200': '{"messages":[],"error_type":"NOT_FOUND"}',
  };

  test.each(Object.entries(wrong))(
    'is BAD_UPSTREAM_RESPONSE where its body is %s',
    async (_, body) => {
      const code = 'BAD_UPSTREAM_RESPONSE';
      for (const [field, api] of fields) {
        const vcenter = { id: 'default', api, retryable: false };
        expect(await query(field, http(200, body))).toEqual(
          failed(catalogue[code].sentence, { code, vcenter }),
        );
      }
    },
  );

  test.each(['text/html', 'text/plain', 'application/vnd.something+json; charset=latin1'])(
    'is read whatever content type it claims: %s',
    async (type) => {
      const response = http(200, JSON.stringify(userSession), [`content-type: ${type}`]);
      expect(await query('loginTime', response)).toEqual({
        data: { currentSession: { loginTime: userSession.loginTime } },
      });
    },
  );

  test('of vim25 without a value is UNAUTHENTICATED, though it has a Content-Encoding', async () => {
    expect(await query('loginTime', http(200, '', ['content-encoding: gzip']))).toEqual(
      failed(catalogue.UNAUTHENTICATED.sentence, {
        code: 'UNAUTHENTICATED',
        vcenter: { id: 'default', api: 'vim25', retryable: false },
      }),
    );
  });

  test.each([`\r\n\t null${' '.repeat(40)}\n`, '', ' \n'])(
    'of vim25 without a value is UNAUTHENTICATED: %j',
    async (body) => {
      expect(await query('loginTime', http(200, body))).toEqual(
        failed(catalogue.UNAUTHENTICATED.sentence, {
          code: 'UNAUTHENTICATED',
          vcenter: { id: 'default', api: 'vim25', retryable: false },
        }),
      );
    },
  );
});
