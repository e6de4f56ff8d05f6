import { describe, expect, it } from 'vitest';
import { SESSION, send, start } from './client.ts';

const FAULTS = '/simulator/faults';
const CALLS = '/simulator/calls';

function put(faults: unknown) {
  return { method: 'PUT', body: JSON.stringify(faults) };
}

describe('/simulator/faults', () => {
  it('replaces, lists and clears faults', async () => {
    const simulator = await start();
    simulator.injectFault({ response: { status: 418 } });
    const fault = {
      api: 'vapi',
      times: 3,
      vapiError: { errorType: 'RESOURCE_BUSY', data: { is_transient: true } },
    };
    expect((await send(simulator, FAULTS, put(fault))).json).toEqual([{ ...fault, used: 0 }]);
    const reply = await send(simulator, SESSION, { token: 'demo' });
    expect(reply.json).toMatchObject({ error_type: 'RESOURCE_BUSY', data: { is_transient: true } });
    expect((await send(simulator, FAULTS)).json).toEqual([{ ...fault, used: 1 }]);
    expect((await send(simulator, FAULTS, { method: 'DELETE' })).status).toBe(204);
    expect((await send(simulator, SESSION, { token: 'demo' })).status).toBe(200);
  });

  it('accepts a list, and a body in Base64', async () => {
    const simulator = await start();
    const bodyBase64 = Buffer.from([0xff, 0x00]).toString('base64');
    const reply = await send(
      simulator,
      FAULTS,
      put([{ latencyMs: 1 }, { token: 'demo', response: { bodyBase64 } }]),
    );
    expect(reply.json).toMatchObject([{ latencyMs: 1 }, { response: { bodyBase64 } }]);
    expect(reply.text).not.toContain('demo');
    expect((await send(simulator, SESSION, { token: 'demo' })).bytes).toEqual(
      Buffer.from([0xff, 0x00]),
    );
  });

  it('rejects an invalid fault and keeps those in force', async () => {
    const simulator = await start();
    simulator.injectFault({ response: { status: 418 } });
    const wrong = await send(simulator, FAULTS, put([{ hang: true }, { times: -1 }]));
    expect(wrong.status).toBe(400);
    expect(wrong.json).toEqual({
      message: 'Invalid fault property times: Too small: expected number to be >=1.',
    });
    expect((await send(simulator, FAULTS, { method: 'PUT', body: '{' })).status).toBe(400);
    expect((await send(simulator, FAULTS, { method: 'POST' })).status).toBe(405);
    expect((await send(simulator, SESSION, { token: 'demo' })).status).toBe(418);
  });
});

describe('/simulator/calls', () => {
  it('lists calls without secrets in clear, and clears them', async () => {
    const simulator = await start();
    const headers = { authorization: 'Bearer secret-1', cookie: 'a=secret-2' };
    await send(simulator, SESSION, { token: 'secret-3', headers });
    await send(simulator, SESSION, { token: 'secret-3' });
    await send(simulator, SESSION, { token: 'secret-4' });
    const reply = await send(simulator, CALLS);
    expect(reply.text).not.toContain('secret');
    const tokens = (reply.json as { token: string }[]).map((call) => call.token);
    expect(tokens[0]).toMatch(/^sha256:[0-9a-f]{16}$/);
    expect([tokens[1] === tokens[0], tokens[2] === tokens[0]]).toEqual([true, false]);
    expect((await send(simulator, CALLS, { method: 'DELETE' })).status).toBe(204);
    expect((await send(simulator, CALLS)).json).toEqual([]);
  });
});

describe('the control API', () => {
  it('can be turned off', async () => {
    const simulator = await start({ control: false });
    expect((await send(simulator, CALLS)).status).toBe(404);
    expect((await send(simulator, FAULTS, put({ hang: true }))).status).toBe(404);
    expect((await send(simulator, SESSION, { token: 'demo' })).status).toBe(200);
  });
});
