import { createServer, type Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Code, catalogue } from '../../src/errors/catalogue.ts';
import { makeCertificate } from '../support/certificates.ts';
import {
  type GraphQLHttpResponse,
  type Subgraph,
  startSubgraph,
  startVCenter,
  token,
} from '../support/subgraph.ts';
import {
  hang,
  http,
  json,
  type RespondWith,
  reset,
  send,
  sendAndClose,
  startDouble,
} from '../support/vcenter-double.ts';
import { sessionInfo, userSession } from './responses.ts';

const secret = 'a-token-that-nobody-sees';
const query = '{ currentSession { user loginTime } }';

/** Sends bytes one by one, until the connection closes. */
function drip(bytes: string, everyMs: number): RespondWith {
  return (socket) => {
    let sent = 0;
    const timer = setInterval(() => socket.write(bytes[sent++ % bytes.length] ?? ''), everyMs);
    socket.once('close', () => clearInterval(timer));
  };
}

/** Sends bytes, and resets the connection once they are gone. */
function sendAndReset(bytes: string): RespondWith {
  return (socket) => void socket.write(bytes, () => socket.resetAndDestroy());
}

const start = 'HTTP/1.1 200 OK\r\n';
const partialBody = '{"user":"leak';
const blanks = (bytes: number) => ' '.repeat(bytes);
/** The bound of the body of one session. */
const sessionBytes = 64 * 1024;

/** The bound of the body of an error. */
const errorBytes = 256 * 1024;

/** A body in chunks, without the last one. */
function chunked(...chunks: string[]): string {
  const lines = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`);
  return `transfer-encoding: chunked\r\n\r\n${lines.join('')}`;
}

const notHttp = {
  message: expect.stringMatching(
    /^Response does not match the HTTP\/1\.1 protocol \([ \w.,/-]+\)$/,
  ),
};

/** What happens, the code that clients get, and the cause that is logged. */
type Failure = readonly [name: string, respond: RespondWith, code: Code, cause: unknown];

const failures: readonly Failure[] = [
  [
    'a reset before any byte',
    reset,
    'SERVICE_UNAVAILABLE',
    { code: 'ECONNRESET', message: 'read ECONNRESET' },
  ],
  [
    'an end before any byte',
    sendAndClose(''),
    'SERVICE_UNAVAILABLE',
    { code: 'UND_ERR_SOCKET', message: 'other side closed' },
  ],
  [
    'an end in the headers',
    sendAndClose(`${start}content-le`),
    'SERVICE_UNAVAILABLE',
    { code: 'UND_ERR_SOCKET', message: 'other side closed' },
  ],
  [
    'an end in the body',
    sendAndClose(`${start}content-length: 99\r\n\r\n${partialBody}`),
    'SERVICE_UNAVAILABLE',
    { code: 'UND_ERR_SOCKET', message: 'other side closed' },
  ],
  [
    'an end in the body of a response with Connection: close',
    sendAndClose(`${start}connection: close\r\ncontent-length: 99\r\n\r\n${partialBody}`),
    'SERVICE_UNAVAILABLE',
    expect.objectContaining({ code: 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' }),
  ],
  [
    'an end between chunks',
    sendAndClose(`${start}${chunked(partialBody)}`),
    'SERVICE_UNAVAILABLE',
    { code: 'UND_ERR_SOCKET', message: 'other side closed' },
  ],
  [
    'an end between chunks of a response with Connection: close',
    sendAndClose(`${start}connection: close\r\n${chunked(partialBody)}`),
    'SERVICE_UNAVAILABLE',
    expect.objectContaining({ message: expect.stringContaining('(Invalid EOF state)') }),
  ],
  [
    'a reset in the body',
    sendAndReset(`${start}content-length: 99\r\n\r\n${partialBody}`),
    'SERVICE_UNAVAILABLE',
    expect.objectContaining({ code: expect.stringMatching(/^ECONNRESET$|^UND_ERR_SOCKET$/) }),
  ],
  [
    'a large body that is announced',
    send(`${start}content-length: ${sessionBytes + 1}\r\n\r\n`),
    'BAD_UPSTREAM_RESPONSE',
    { message: 'a body larger than its bound' },
  ],
  [
    'a large body that is announced with 401',
    send(`HTTP/1.1 401 No\r\ncontent-length: ${errorBytes + 1}\r\n\r\n`),
    'BAD_UPSTREAM_RESPONSE',
    { message: 'a body larger than its bound' },
  ],
  [
    'a large body in chunks',
    send(start + chunked(blanks(sessionBytes), ' ')),
    'BAD_UPSTREAM_RESPONSE',
    { message: 'a body larger than its bound' },
  ],
  [
    'a large body that ends with its connection',
    send(`${start}\r\n${blanks(sessionBytes + 1)}`),
    'BAD_UPSTREAM_RESPONSE',
    { message: 'a body larger than its bound' },
  ],
  ...(
    [
      ['gzip', gzipSync],
      ['x-gzip', gzipSync],
      ['deflate', deflateSync],
      ['br', brotliCompressSync],
    ] as const
  ).map(
    ([encoding, compress]): Failure => [
      `a body that is large once decompressed: ${encoding}`,
      send(http(200, compress(blanks(sessionBytes + 1)), [`content-encoding: ${encoding}`])),
      'BAD_UPSTREAM_RESPONSE',
      { message: 'a body larger than its bound' },
    ],
  ),
  [
    'bytes that are no HTTP',
    send('SSH-2.0-OpenSSH_9.9 leak\r\n'),
    'BAD_UPSTREAM_RESPONSE',
    notHttp,
  ],
  [
    'TLS where plain HTTP is spoken',
    send(Buffer.from([0x15, 3, 1, 0, 2, 2, 70])),
    'BAD_UPSTREAM_RESPONSE',
    notHttp,
  ],
  [
    'a status that is no number',
    send('HTTP/1.1 OK leak\r\n\r\n'),
    'BAD_UPSTREAM_RESPONSE',
    notHttp,
  ],
  [
    'a length that is no number',
    send(`${start}content-length: leak\r\n\r\n`),
    'BAD_UPSTREAM_RESPONSE',
    notHttp,
  ],
  [
    'two lengths',
    send(`${start}content-length: 1\r\ncontent-length: 2\r\n\r\n{}`),
    'SERVICE_UNAVAILABLE',
    // undici does not distinguish this from a truncated body.
    expect.objectContaining({ code: 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' }),
  ],
  [
    'a chunk whose size is no number',
    send(`${start}transfer-encoding: chunked\r\n\r\nleak\r\n`),
    'BAD_UPSTREAM_RESPONSE',
    notHttp,
  ],
  [
    'headers of 32 KiB',
    send(`${start}x: ${'y'.repeat(32 * 1024)}\r\n\r\n`),
    'BAD_UPSTREAM_RESPONSE',
    { code: 'UND_ERR_HEADERS_OVERFLOW', message: 'Headers Overflow Error' },
  ],
  [
    'a 100 that was not requested',
    send(`HTTP/1.1 100 Continue\r\n\r\n${start}\r\n`),
    'BAD_UPSTREAM_RESPONSE',
    { code: 'UND_ERR_SOCKET', message: 'bad response' },
  ],
  [
    'a 101 that was not requested',
    send('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: leak\r\n\r\n'),
    'BAD_UPSTREAM_RESPONSE',
    { code: 'UND_ERR_SOCKET', message: 'bad upgrade' },
  ],
  [
    'a redirect',
    send(http(307, '', ['location: http://leak.example.com/etc'])),
    'BAD_UPSTREAM_RESPONSE',
    { message: 'a redirect' },
  ],
  [
    'a body that is no JSON',
    send(http(200, '<html>leak')),
    'BAD_UPSTREAM_RESPONSE',
    { message: 'a body that is not JSON' },
  ],
  [
    'a body that is no text',
    send(http(200, Buffer.from([0x22, 0xff, 0x22]))),
    'BAD_UPSTREAM_RESPONSE',
    { message: 'a body that cannot be read as text' },
  ],
  [
    'a body of another shape',
    send(json(200, { leak: 'leak' })),
    'BAD_UPSTREAM_RESPONSE',
    {
      message: expect.stringMatching(
        /^a value of another shape: (user|key): Invalid input: expected string, received undefined; /,
      ),
    },
  ],
  [
    'an error that is none',
    send(http(502, '<html>leak')),
    'SERVICE_UNAVAILABLE',
    { message: 'status 502 without an error of the API' },
  ],
];

/** What is not whole before the deadline. */
const slow: readonly [name: string, respond: RespondWith][] = [
  ['no response', hang],
  ['headers that never end', drip(`${start}a: b\r\n${'c'.repeat(10_000)}`, 5)],
  [
    'a body that drips',
    (socket) => {
      send(`${start}content-length: 9999\r\n\r\n`)(socket);
      drip(' ', 5)(socket);
    },
  ],
  [
    'a body of chunks that drip',
    (socket) => {
      send(`${start}transfer-encoding: chunked\r\n\r\n`)(socket);
      drip('1\r\n \r\n', 5)(socket);
    },
  ],
  ['a body that stops', send(`${start}content-length: 99\r\n\r\n${partialBody}`)],
];

/** The log lines of failed calls. */
function warnings({ log }: Subgraph): unknown[] {
  return log
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ level, msg }) => level === 40 && !String(msg).includes('in clear text'))
    .map(({ level: _, time: __, pid: ___, hostname: ____, ...line }) => line)
    .map(({ advice: _, requestId: __, ...rest }) => rest);
}

/** The whole response where one API failed. */
function partialResponse(api: 'vapi' | 'vim25', code: Code): GraphQLHttpResponse['body'] {
  const retryable = code === 'SERVICE_UNAVAILABLE' || code === 'TIMED_OUT';
  const field = api === 'vapi' ? 'user' : 'loginTime';
  const whole = { user: sessionInfo.user, loginTime: userSession.loginTime };
  return {
    data: { currentSession: { ...whole, [field]: null } },
    errors: [
      {
        message: catalogue[code].sentence,
        path: ['currentSession', field],
        locations: [{ line: 1, column: query.indexOf(field) + 1 }],
        extensions: { code, vcenter: { id: 'default', api, retryable } },
      },
    ],
  };
}

describe.each(['vapi', 'vim25'] as const)('%s', (api) => {
  const expectPartialResponse = async (
    [name, respond, code, cause]: Failure,
    VCENTER_TIMEOUT_MS: string,
  ) => {
    const double = await startDouble();
    double.respondWith('vapi', secret, send(json(200, sessionInfo)));
    double.respondWith('vim25', secret, send(json(200, userSession)));
    double.respondWith(api, secret, respond);
    const subgraph = await startSubgraph({ VCENTER_URL: double.url, VCENTER_TIMEOUT_MS });
    const { status, body } = await subgraph.query(query, token(secret));
    expect({ status, body }, name).toEqual({ status: 200, body: partialResponse(api, code) });
    expect(warnings(subgraph), name).toEqual([
      { vcenter: 'default', api, code, cause, msg: 'vCenter request failed' },
    ]);
    expect(subgraph.log.join(''), name).not.toMatch(/a-token|leak/);
  };

  test.each(failures)(
    'sets only the fields of its API to null, and logs the cause of %s',
    (...failure) => expectPartialResponse(failure, '60000'),
  );

  test('sets only the fields of its API to null, and logs it, where no whole response comes in time', async () => {
    const cause = { message: 'no whole response before the deadline' };
    // They wait together. The other API has to respond within this time.
    await Promise.all(
      slow.map(([name, respond]) =>
        expectPartialResponse([name, respond, 'TIMED_OUT', cause], '1500'),
      ),
    );
  });
});

test('reads the code of an error of 256 KiB, which is too long to forward', async () => {
  const double = await startDouble();
  const error = '{"messages":[],"error_type":"NOT_FOUND"}';
  const body = error + blanks(errorBytes - error.length);
  const long = `{"data":"${'x'.repeat(errorBytes - error.length - 10)}",${error.slice(1)}`;
  const { query } = await startSubgraph({ VCENTER_URL: double.url });
  const vcenter = { id: 'default', api: 'vapi', retryable: false };
  for (const [text, details] of [
    [body, { error: { messages: [], error_type: 'NOT_FOUND' } }],
    [long, {}],
  ] as const) {
    expect(text).toHaveLength(errorBytes);
    double.respondWith('vapi', secret, send(http(404, text)));
    const response = await query('{ currentSession { user } }', token(secret));
    const [{ extensions }] = Object(response.body).errors;
    expect(extensions).toEqual({ code: 'NOT_FOUND', vcenter: { ...vcenter, ...details } });
  }
});

test('calls both APIs below the path of the URL', async () => {
  const vcenter = await startVCenter();
  const { query } = await startSubgraph({ VCENTER_URL: `${vcenter.url}/a/path//` });
  await query('{ currentSession { user key } }', token(secret));
  expect(vcenter.calls.map(({ path }) => path).sort()).toEqual([
    '/a/path/api/session',
    '/a/path/sdk/vim25/8.0.2.0/SessionManager/SessionManager/currentSession',
  ]);
});

test.each([
  ['a 103 before the response', `HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n`, ''],
  [
    'a 103 and a 102 before the response',
    `HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n`,
    '',
  ],
  ['a body of 64 KiB', '', blanks(sessionBytes - JSON.stringify(sessionInfo).length)],
])('reads the session with %s', async (_, before, after) => {
  const double = await startDouble();
  const response = http(200, JSON.stringify(sessionInfo) + after);
  double.respondWith('vapi', secret, send(Buffer.concat([Buffer.from(before), response])));
  const { query } = await startSubgraph({ VCENTER_URL: double.url });
  const { body } = await query('{ currentSession { user } }', token(secret));
  expect(body).toEqual({ data: { currentSession: { user: sessionInfo.user } } });
});

test.each([
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['GZIP', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
  ['identity', (text: string) => text],
] as const)(
  'decompresses a body that was not requested compressed: %s',
  async (encoding, compress) => {
    const double = await startDouble();
    const compressed = compress(JSON.stringify(sessionInfo));
    double.respondWith(
      'vapi',
      secret,
      send(http(200, compressed, [`content-encoding: ${encoding}`])),
    );
    const { query } = await startSubgraph({ VCENTER_URL: double.url });
    const { body } = await query('{ currentSession { user } }', token(secret));
    expect(body).toEqual({ data: { currentSession: { user: sessionInfo.user } } });
  },
);

/** Expects the whole response, and the log's warnings, where no API can be reached: it has vAPI's failure. */
async function expectBothFail(
  environment: Record<string, string>,
  code: Code,
  cause: unknown,
): Promise<void> {
  const subgraph = await startSubgraph({ VCENTER_TIMEOUT_MS: '60000', ...environment });
  const { status, body } = await subgraph.query(query, token(secret));
  const retryable = code === 'SERVICE_UNAVAILABLE' || code === 'TIMED_OUT';
  expect({ status, body }).toEqual({
    status: 200,
    body: {
      data: { currentSession: null },
      errors: [
        {
          message: catalogue[code].sentence,
          path: ['currentSession'],
          locations: [{ line: 1, column: 3 }],
          extensions: { code, vcenter: { id: 'default', api: 'vapi', retryable } },
        },
      ],
    },
  });
  const warning = { vcenter: 'default', code, cause, msg: 'vCenter request failed' };
  const logged = warnings(subgraph);
  expect(logged).toHaveLength(2);
  for (const api of ['vapi', 'vim25']) expect(logged).toContainEqual({ ...warning, api });
  expect(subgraph.log.join('')).not.toContain(secret);
}

test('returns SERVICE_UNAVAILABLE for a vCenter whose host name does not resolve', async () => {
  await expectBothFail({ VCENTER_URL: 'http://nowhere.invalid' }, 'SERVICE_UNAVAILABLE', {
    code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/),
    message: expect.stringContaining('nowhere.invalid'),
  });
});

test('returns SERVICE_UNAVAILABLE at once for a vCenter that refuses connections', async () => {
  const vcenter = await startVCenter();
  await vcenter.close();
  await expectBothFail({ VCENTER_URL: vcenter.url }, 'SERVICE_UNAVAILABLE', {
    code: 'ECONNREFUSED',
    message: expect.stringContaining('connect ECONNREFUSED'),
  });
});

test('logs the failure of each address where a host name has several', async () => {
  const vcenter = await startVCenter();
  await vcenter.close();
  const { port } = new URL(vcenter.url);
  await expectBothFail({ VCENTER_URL: `http://localhost:${port}` }, 'SERVICE_UNAVAILABLE', {
    code: 'ECONNREFUSED',
    message: expect.stringMatching(/connect ECONNREFUSED/),
  });
});

test('sends nothing to a vCenter whose certificate is not trusted', async () => {
  const { certificate: cert, key } = await makeCertificate();
  const vcenter = await startVCenter({ tls: { cert, key } });
  await expectBothFail({ VCENTER_URL: vcenter.url }, 'UNVERIFIED_PEER', {
    code: expect.stringMatching(/^(DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE)$/),
    message: expect.any(String),
  });
  expect(vcenter.calls).toEqual([]);
});

/** Accepts connections, and never sends anything. */
async function startMute(): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${Object(server.address()).port}`;
}

test('returns TIMED_OUT where no TLS connection is established before the deadline', async () => {
  const url = `https://${await startMute()}`;
  await expectBothFail(
    { VCENTER_URL: url, VCENTER_TIMEOUT_MS: '300' },
    'TIMED_OUT',
    expect.anything(),
  );
});

test('returns SERVICE_UNAVAILABLE for an https URL of a vCenter without TLS', async () => {
  const vcenter = await startVCenter();
  const url = vcenter.url.replace('http:', 'https:');
  await expectBothFail({ VCENTER_URL: url }, 'SERVICE_UNAVAILABLE', expect.anything());
});

test('logs no warning for errors that a vCenter returns, nor for a user who is not logged in', async () => {
  const double = await startDouble();
  const subgraph = await startSubgraph({ VCENTER_URL: double.url });
  for (const [vapi, vim25] of [
    [json(503, { messages: [], error_type: 'SERVICE_UNAVAILABLE' }), http(200, 'null')],
    [http(401), json(500, { _typeName: 'NoPermission' })],
    [http(401, '<html>'), http(401)],
  ] as const) {
    double.respondWith('vapi', secret, send(vapi));
    double.respondWith('vim25', secret, send(vim25));
    await subgraph.query(query, token(secret));
  }
  await subgraph.query(query);
  expect(double.requests).toHaveLength(6);
  expect(warnings(subgraph)).toEqual([]);
});

test('logs one warning for a call, however many fields its failure sets to null', async () => {
  const double = await startDouble();
  double.respondWith('vapi', secret, reset);
  double.respondWith('vim25', secret, send(json(200, userSession)));
  const subgraph = await startSubgraph({ VCENTER_URL: double.url });
  const { body } = await subgraph.query(
    '{ a: currentSession { user createdTime key } b: currentSession { u: user loginTime } }',
    token(secret),
  );
  expect(body).toMatchObject({ errors: [{}, {}, {}] });
  expect(warnings(subgraph)).toHaveLength(1);
});
