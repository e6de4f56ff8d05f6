/** However an upstream responds, the client gets a well-formed response with the fields of the other API, and nothing else. */
import { Pool } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { type Api, isVCenterError } from '../../src/errors/extensions.ts';
import fc from '../support/property.ts';
import { startSubgraph } from '../support/subgraph.ts';
import { type Double, json, send, sendAndClose, startDouble } from '../support/vcenter-double.ts';
import {
  anyBytes,
  anyJson,
  type Bytes,
  leaks,
  nearly,
  responseFrom,
  tokenPlace,
  withToken,
} from './arbitrary.ts';
import { codes } from './codes.ts';
import { sessionInfo, userSession } from './responses.ts';

/** Cases of each property; there are three. */
const casesEach = 1000;

/** Cases that are queried at once: they share a subgraph, so that one can hurt another if any can. */
const casesAtOnce = 50;

/** The responses of the two APIs; undefined is a response that the API declares. */
interface Case {
  readonly vapi: Bytes | undefined;
  readonly vim25: Bytes | undefined;
}

function caseOf(vapi: fc.Arbitrary<Bytes>, vim25: fc.Arbitrary<Bytes>): fc.Arbitrary<Case> {
  const declaredResponse = fc.constant(undefined);
  return fc.oneof(
    fc.record({ vapi, vim25: declaredResponse }),
    fc.record({ vapi: declaredResponse, vim25 }),
    fc.record({ vapi, vim25 }),
  );
}

const anyResponse = responseFrom(anyBytes);
const anyJsonResponse = responseFrom(anyJson);

test.each([
  [
    'any bytes at all, as HTTP or not',
    caseOf(fc.oneof(anyResponse, anyResponse, fc.uint8Array({ maxLength: 200 })), anyResponse),
  ],
  ['any JSON', caseOf(anyJsonResponse, anyJsonResponse)],
  [
    'nearly what it declares',
    caseOf(responseFrom(nearly(sessionInfo)), responseFrom(nearly(userSession))),
  ],
])(
  'returns a well-formed response whatever a vCenter sends: %s',
  async (_, cases) => {
    const double = await startDouble();
    const subgraph = await startSubgraph({
      VCENTER_URL: double.url,
      VCENTER_TIMEOUT_MS: '60000',
      LOG_LEVEL: 'trace',
    });
    const client = new Pool(subgraph.url, { connections: casesAtOnce });
    onTestFinished(() => client.destroy());
    let count = 0;

    await fc.assert(
      fc.asyncProperty(
        fc.array(cases, { minLength: casesAtOnce, maxLength: casesAtOnce }),
        async (batch) => {
          const logged = subgraph.log.length;
          const pending = batch.map((one) => {
            const token = `token-${String(count++).padStart(tokenPlace.length - 6, '0')}`;
            prepare(double, token, one);
            return sendQuery(client, token).then((response) => {
              try {
                checkResponse(one, response);
              } catch (error) {
                throw new Error(`${response.text} where ${shown(one)}`, { cause: error });
              }
            });
          });
          await Promise.all(pending);
          checkNoLeak(subgraph.log.slice(logged).join(''));
        },
      ),
      // The case that fails is shown as it is: smaller ones are not looked for among 50 at once.
      { numRuns: casesEach / casesAtOnce, endOnFailure: true },
    );
    expect(count).toBeGreaterThanOrEqual(casesEach);
  },
  180_000,
);

function shown({ vapi, vim25 }: Case): string {
  const text = (bytes: Bytes | undefined) =>
    bytes ? JSON.stringify(Buffer.from(bytes).toString('latin1')) : 'as declared';
  return `vAPI sends ${text(vapi)} and vim25 sends ${text(vim25)}`;
}

function prepare(double: Double, token: string, { vapi, vim25 }: Case): void {
  const respond = (bytes: Bytes) => sendAndClose(withToken(bytes, token));
  double.respondWith('vapi', token, vapi ? respond(vapi) : send(json(200, sessionInfo)));
  double.respondWith('vim25', token, vim25 ? respond(vim25) : send(json(200, userSession)));
}

async function sendQuery(client: Pool, token: string): Promise<{ status: number; text: string }> {
  const { statusCode: status, body } = await client.request({
    method: 'POST',
    path: '/graphql',
    headers: { 'content-type': 'application/json', 'vmware-api-session-id': token },
    body: JSON.stringify({ query: '{ currentSession { user loginTime } }' }),
  });
  return { status, text: await body.text() };
}

const fields = { user: 'vapi', loginTime: 'vim25' } as const satisfies Record<string, Api>;
const declared = { user: sessionInfo.user, loginTime: userSession.loginTime };

function checkResponse(sent: Case, { status, text }: { status: number; text: string }): void {
  checkNoLeak(text);
  const response = members(JSON.parse(text), ['data', 'errors']);
  expect(status).toBe(200);
  const { currentSession } = members(response['data'], ['currentSession']);
  const errors = response['errors'] === undefined ? [] : list(response['errors']);
  const places = errors.map(checkError);

  if (currentSession === null) {
    expect(sent.vapi && sent.vim25, 'one API returned its session').toBeDefined();
    expect(places).toEqual([['currentSession']]);
    return;
  }
  const session = members(currentSession, ['user', 'loginTime']);
  for (const name of ['user', 'loginTime'] as const) {
    const place = ['currentSession', name];
    const failed = places.filter((one) => JSON.stringify(one) === JSON.stringify(place)).length;
    if (sent[fields[name]] === undefined) expect(session[name]).toBe(declared[name]);
    // null, and one error; or a value, and none
    expect([failed, typeof session[name]]).toEqual(
      session[name] === null ? [1, 'object'] : [0, 'string'],
    );
  }
  expect(places.length).toBeLessThanOrEqual(1);
}

/** Checks all of an error, and returns its path. */
function checkError(value: unknown): unknown {
  const error = members(value, ['message', 'locations', 'path', 'extensions']);
  expect(error['message']).toEqual(expect.stringMatching(/./su));
  expect(error['locations']).toEqual([{ line: 1, column: expect.any(Number) }]);
  if (!isVCenterError(error))
    throw new Error(`not an error of a vCenter: ${JSON.stringify(error)}`);
  const { code, vcenter } = error.extensions;
  expect(codes).toContain(code);
  members(error.extensions, ['code', 'vcenter']);
  members(vcenter, ['id', 'api', 'retryable', vcenter.api === 'vapi' ? 'error' : 'fault']);
  if (vcenter.error) members(vcenter.error, ['messages', 'data', 'error_type']);
  let fault: unknown = vcenter.fault;
  while (fault !== undefined) {
    fault = members(fault, [
      '_typeName',
      'faultMessage',
      'faultCause',
      'faultstring',
      'missingPrivileges',
      'privilegeId',
    ])['faultCause'];
  }
  return error['path'];
}

/** An object that has no members but these. */
function members(value: unknown, allowed: readonly string[]): Record<string, unknown> {
  expect(value).toEqual(expect.any(Object));
  const object = value as Record<string, unknown>;
  expect(Object.keys(object).filter((name) => !allowed.includes(name))).toEqual([]);
  return object;
}

function list(value: unknown): readonly unknown[] {
  if (Array.isArray(value) && value.length > 0) return value;
  throw new Error(`not a list with at least one element: ${JSON.stringify(value)}`);
}

function checkNoLeak(text: string): void {
  const leak = /token-0/.exec(text)?.[0] ?? Object.values(leaks).find((one) => text.includes(one));
  if (leak !== undefined) throw new Error(`${leak} is in the output: ${text}`);
}
