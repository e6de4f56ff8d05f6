import { describe, expect, it } from 'vitest';
import type { VapiNotAuthenticated, Vim25NotAuthenticated } from '../../src/simulator/index.ts';
import { CURRENT_SESSION, SESSION, send, start } from './client.ts';

const FAULT = {
  _typeName: 'NotAuthenticated',
  object: { _typeName: 'ManagedObjectReference', type: 'SessionManager', value: 'SessionManager' },
  privilegeId: '',
  faultstring: 'The session is not authenticated.',
};

describe('the response without a session', () => {
  it.each<[Vim25NotAuthenticated, number, string]>([
    ['null', 200, 'null'],
    ['noContent', 204, ''],
    ['empty', 200, ''],
    ['fault', 500, JSON.stringify(FAULT)],
    ['unauthorized', 401, JSON.stringify(FAULT)],
    ['unauthorizedEmpty', 401, ''],
  ])('of vim25 has the form %s', async (form, status, body) => {
    const simulator = await start();
    simulator.setNotAuthenticated({ vim25: form });
    for (const options of [{}, { token: 'unknown' }]) {
      const reply = await send(simulator, CURRENT_SESSION, options);
      expect([reply.status, reply.text]).toEqual([status, body]);
    }
    expect((await send(simulator, CURRENT_SESSION, { token: 'demo' })).json).toMatchObject({
      callCount: 1,
    });
  });

  it.each<[VapiNotAuthenticated, string | undefined, RegExp]>([
    ['error', 'application/json', /"error_type":"UNAUTHENTICATED"/],
    ['empty', undefined, /^$/],
    ['html', 'text/html; charset=utf-8', /^<html>/],
  ])('of vAPI has the form %s', async (form, contentType, body) => {
    const simulator = await start({ notAuthenticated: { vapi: form } });
    const reply = await send(simulator, SESSION, { token: 'unknown' });
    expect([reply.status, reply.headers['content-type']]).toEqual([401, contentType]);
    expect(reply.text).toMatch(body);
    expect((await send(simulator, SESSION, { token: 'demo' })).status).toBe(200);
  });
});
