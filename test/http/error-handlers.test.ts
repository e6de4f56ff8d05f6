import fastify from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { registerErrorHandlers } from '../../src/http/error-handlers.ts';
import { HttpError } from '../../src/http/http-error.ts';
import { requestError } from '../support/errors.ts';

/** The response to a request whose handler throws, and the error that is logged. */
async function failWith(thrown: unknown): Promise<{ response: unknown[]; logged: unknown[] }> {
  const log: string[] = [];
  const app = fastify({ logger: { level: 'error', stream: { write: (line) => log.push(line) } } });
  onTestFinished(() => app.close());
  registerErrorHandlers(app);
  app.get('/', async () => {
    throw thrown;
  });
  const response = await fetch(await app.listen({ host: '127.0.0.1', port: 0 }));
  return {
    response: [response.status, await response.json()],
    logged: log.map((line) => JSON.parse(line)),
  };
}

const withStatus = (statusCode: number, message: string) =>
  Object.assign(new Error(message), { statusCode });

test.each([400, 499])(
  'responds with the status and the message of an error of %d',
  async (status) => {
    expect(await failWith(withStatus(status, 'The request is wrong.'))).toEqual({
      response: [status, requestError('BAD_REQUEST', 'The request is wrong.')],
      logged: [],
    });
  },
);

test('responds with 503 where a bound of the process is reached', async () => {
  expect(await failWith(new HttpError(503, 'There are too many.'))).toEqual({
    response: [503, requestError('SERVICE_UNAVAILABLE', 'There are too many.')],
    logged: [],
  });
});

test.each<[what: string, thrown: unknown]>([
  ['an error', new Error('leak')],
  ['an error of status 399', withStatus(399, 'leak')],
  ['an error of status 500', withStatus(500, 'leak')],
  ['an error of status 503 of a library', withStatus(503, 'leak')],
  [
    'an error with a text in the place of its status',
    Object.assign(new Error('leak'), { statusCode: 'leak' }),
  ],
  ['a text', 'leak'],
  ['an object with a status', { statusCode: 400, message: 'leak' }],
  ['an object with the status of a body that is too large', { statusCode: 413 }],
])('masks %s that is thrown, and logs it', async (_what, thrown) => {
  expect(await failWith(thrown)).toEqual({
    response: [500, requestError('INTERNAL_SERVER_ERROR', 'Internal server error')],
    logged: [expect.objectContaining({ level: 50, err: expect.anything(), msg: 'request failed' })],
  });
});
