/** Arbitrary responses of a vCenter: bytes, JSON and mutations of what an API declares. */
import { brotliCompressSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';

/** What a response may have in places that clients must not see. */
export const leaks = {
  host: 'leak-host.internal.example',
  path: '/srv/leak/secret.log',
} as const;

/** The place of the request's token until it is known. As long as a token, so that lengths stay true. */
export const tokenPlace = '<<<the-token-of-the-client>>>';

/** A response, as bytes that a connection carries before it ends. */
export type Bytes = Uint8Array;

const leak = fc.constantFrom(
  leaks.host,
  leaks.path,
  `https://${leaks.host}/x`,
  `at read (file://${leaks.path}:1:2)`,
  tokenPlace,
);

const json = fc.jsonValue({ maxDepth: 3 });

/** A text for people in an upstream error: the token has to be redacted in it, the rest stays. */
const publicText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom('', 'It failed.', `No session ${tokenPlace}.`, tokenPlace),
);

const publicJson = fc.oneof(
  json,
  publicText,
  fc.dictionary(publicText, fc.oneof(publicText, json), { maxKeys: 3 }),
  fc.array(publicText, { maxLength: 3 }),
  fc.record({ is_transient: fc.constantFrom<unknown>(true, false, 'true', 1, null) }),
);

/** Members that no client may see, whatever they hold. */
const unknownMembers = fc.dictionary(
  fc.constantFrom('challenge', 'stack', 'path', 'host', 'object', 'exception', 'x'),
  fc.oneof(
    leak,
    fc.dictionary(fc.constantFrom('a', 'b'), leak, { maxKeys: 2 }),
    fc.array(leak, { maxLength: 2 }),
  ),
  { maxKeys: 3 },
);

const message = fc.oneof(
  fc.record(
    {
      id: publicText,
      default_message: publicText,
      localized: publicText,
      args: publicJson,
      params: publicJson,
    },
    { requiredKeys: [] },
  ),
  publicJson,
);

const errorType = fc.constantFrom<unknown>(
  'ERROR',
  'NOT_FOUND',
  'UNAUTHENTICATED',
  'UNAUTHORIZED',
  'SERVICE_UNAVAILABLE',
  'SOMETHING_NEW',
  '__proto__',
  tokenPlace,
  '',
  null,
  7,
  {},
);

/** vAPI's error, more or less. */
const vapiError = fc
  .tuple(
    fc.record(
      {
        messages: fc.oneof(fc.array(message, { maxLength: 3 }), publicJson),
        data: publicJson,
        error_type: errorType,
      },
      { requiredKeys: [] },
    ),
    unknownMembers,
  )
  .map(([error, unknown]) => ({ ...unknown, ...error }));

const typeName = fc.constantFrom<unknown>(
  'NotAuthenticated',
  'NoPermission',
  'ManagedObjectNotFound',
  'SystemError',
  'UserSession',
  'toString',
  tokenPlace,
  '',
  null,
  [],
);

/** vim25's fault, more or less. */
const { fault: vim25Fault } = fc.letrec<{ fault: object }>((tie) => ({
  fault: fc
    .tuple(
      fc.record(
        {
          _typeName: typeName,
          faultMessage: fc.oneof(
            fc.array(
              fc.record(
                { key: publicText, message: publicText, arg: publicJson },
                { requiredKeys: [] },
              ),
              {
                maxLength: 2,
              },
            ),
            publicJson,
          ),
          faultCause: fc.oneof({ maxDepth: 3, withCrossShrink: true }, saidObject(), tie('fault')),
          faultstring: fc.oneof(publicText, publicJson),
          missingPrivileges: publicJson,
          privilegeId: publicText,
        },
        { requiredKeys: [] },
      ),
      unknownMembers,
    )
    .map(([fault, unknown]) => ({ ...unknown, ...fault })),
}));

/** Of a cause only known properties stay, so it may be anything. */
function saidObject(): fc.Arbitrary<unknown> {
  return fc.oneof(json, leak, unknownMembers);
}

/** A declared value with one to three of its properties changed, left out, or joined by others. */
function mutated(declared: Readonly<Record<string, unknown>>): fc.Arbitrary<unknown> {
  const wrong = fc.oneof(
    json.filter((value) => typeof value !== 'string'),
    fc.constantFrom<unknown>(undefined, '', 'not a time', '2026-02-30T00:00:00Z', 1e300, -1),
  );
  return fc
    .tuple(
      fc.array(fc.tuple(fc.constantFrom(...Object.keys(declared)), wrong), { maxLength: 3 }),
      unknownMembers,
    )
    .map(([changes, unknown]) => ({ ...unknown, ...declared, ...Object.fromEntries(changes) }));
}

/** The text of a value, cut, doubled or wrapped at times. */
function textOf(value: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  return fc
    .tuple(
      value,
      fc.oneof(
        { weight: 6, arbitrary: fc.constant('whole') },
        fc.constantFrom('cut', 'twice', 'list', 'blanks'),
      ),
    )
    .map(([one, how]) => {
      const text = JSON.stringify(one) ?? '';
      if (how === 'cut') return text.slice(0, Math.floor(text.length / 2));
      if (how === 'twice') return text + text;
      if (how === 'list') return `[${text}]`;
      return how === 'blanks' ? `\n ${text}\t\r\n` : text;
    });
}

const html = leak.map((text) => `<!doctype html><html><body><h1>${text}</h1></body></html>`);

/** A body of any bytes. */
export const anyBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.string({ unit: 'binary', maxLength: 100 }).map((text) => Buffer.from(text)),
  html.map((text) => Buffer.from(text)),
);

/** A body of JSON that need not be anything that an API declares. */
export const anyJson: fc.Arbitrary<Uint8Array> = textOf(
  fc.oneof(json, vapiError, vim25Fault, unknownMembers),
).map((text) => Buffer.from(text));

/** A body that is nearly what an API declares. */
export function nearly(declared: Readonly<Record<string, unknown>>): fc.Arbitrary<Uint8Array> {
  return textOf(fc.oneof(mutated(declared), mutated(declared), vapiError, vim25Fault)).map((text) =>
    Buffer.from(text),
  );
}

const status = fc.oneof(
  fc.constantFrom(200, 200, 200, 204, 301, 302, 304, 400, 401, 403, 404, 429, 500, 502, 503, 504),
  fc.integer({ min: 100, max: 999 }),
);

const header = fc.oneof(
  leak.map((text) => `x-leak: ${text}`),
  leak.map((text) => `location: http://${leaks.host}/${text}`),
  leak.map((text) => `set-cookie: vmware-api-session-id=${text}; Path=/`),
  leak.map((text) => `www-authenticate: SIGN realm="${text}"`),
  fc
    .constantFrom('application/json', 'text/html', '', '*/*', 'text/plain; charset=latin1')
    .map((type) => `content-type: ${type}`),
  fc.string({ unit: 'grapheme-ascii', maxLength: 20 }).map((text) => `x-any: ${text}`),
);

type Framing = 'length' | 'chunked' | 'end' | 'short' | 'long' | 'none';

/** One response around a body. Its connection ends with it, so that it cannot run into another's. */
export function responseFrom(body: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Bytes> {
  return fc
    .record({
      status,
      reason: fc.oneof(fc.constant('OK'), leak),
      headers: fc.array(header, { maxLength: 4 }),
      body,
      packing: fc.oneof(
        { weight: 8, arbitrary: fc.constant('plain') },
        fc.constantFrom('gzip', 'br', 'pretended', 'unknown'),
      ),
      framing: fc.oneof(
        { weight: 5, arbitrary: fc.constant<Framing>('length') },
        fc.constantFrom<Framing>('chunked', 'end', 'short', 'long', 'none'),
      ),
      before: fc.oneof(
        { weight: 9, arbitrary: fc.constant('') },
        fc.constantFrom(
          'HTTP/1.1 103 Early Hints\r\n\r\n',
          'HTTP/1.1 100 Continue\r\n\r\n',
          '\r\n',
        ),
      ),
    })
    .map(({ status, reason, headers, body, packing, framing, before }) => {
      const [packed, encoding] = pack(body, packing);
      const lines = [`HTTP/1.1 ${status} ${reason}`, 'connection: close', ...headers, ...encoding];
      return frame(before, lines, packed, framing);
    });
}

function pack(body: Uint8Array, packing: string): [Uint8Array, string[]] {
  if (packing === 'gzip') return [gzipSync(body), ['content-encoding: gzip']];
  if (packing === 'br') return [brotliCompressSync(body), ['content-encoding: br']];
  if (packing === 'pretended') return [body, ['content-encoding: deflate']];
  return [body, packing === 'unknown' ? ['content-encoding: rot13'] : []];
}

function frame(
  before: string,
  lines: readonly string[],
  body: Uint8Array,
  framing: Framing,
): Bytes {
  const length = { length: 0, short: 7, long: -Math.min(3, body.length) }[framing as 'length'];
  const framed =
    framing === 'chunked'
      ? Buffer.concat([
          Buffer.from(`${body.length.toString(16)}\r\n`),
          body,
          Buffer.from('\r\n0\r\n\r\n'),
        ])
      : Buffer.from(body);
  const how =
    length !== undefined
      ? [`content-length: ${body.length + length}`]
      : framing === 'chunked'
        ? ['transfer-encoding: chunked']
        : [];
  const head = [...lines, ...how].join('\r\n');
  return Buffer.concat([
    Buffer.from(before),
    Buffer.from(`${head}\r\n${framing === 'none' ? '' : '\r\n'}`),
    framed,
  ]);
}

/** Puts the request's token in its place, in as many bytes. */
export function withToken(bytes: Bytes, token: string): Bytes {
  const text = Buffer.from(bytes).toString('latin1');
  return Buffer.from(text.replaceAll(tokenPlace, token), 'latin1');
}
