import { describe, expect, it } from 'vitest';
import { CURRENT_SESSION, SESSION, send, standingClock, start } from './client.ts';

describe('calls', () => {
  it('have the request in full', async () => {
    const clock = standingClock();
    const simulator = await start({ clock: clock.now });
    await send(simulator, `${SESSION}?a=b`, {
      token: 'demo',
      headers: { 'X-Mixed': 'Case', connection: 'close' },
    });
    await expect.poll(() => simulator.calls[0]?.state).toBe('completed');
    expect(simulator.calls).toEqual([
      {
        api: 'vapi',
        operation: 'getSession',
        method: 'GET',
        path: '/api/session?a=b',
        headers: {
          host: new URL(simulator.url).host,
          'vmware-api-session-id': 'demo',
          'x-mixed': 'Case',
          connection: 'close',
        },
        token: 'demo',
        at: clock.now(),
        state: 'completed',
      },
    ]);
  });

  it('are counted by API and operation, those no longer kept included', async () => {
    const simulator = await start({ callsKept: 3 });
    for (let index = 0; index < 120; index += 1)
      await send(simulator, SESSION, { token: String(index) });
    await send(simulator, CURRENT_SESSION);
    await send(simulator, '/elsewhere');
    expect(simulator.calls.map((call) => call.operation)).toEqual([
      'getSession',
      'currentSession',
      'unknown',
    ]);
    expect(simulator.callCount()).toBe(122);
    expect(simulator.callCount({ api: 'vapi' })).toBe(120);
    expect(simulator.callCount({ api: 'vim25', operation: 'currentSession' })).toBe(1);
    expect(simulator.callCount({ api: 'vim25', operation: 'getSession' })).toBe(0);
    expect(simulator.callCount({ api: 'other' })).toBe(1);
    simulator.clearCalls();
    expect([simulator.calls, simulator.callCount()]).toEqual([[], 0]);
  });
});
