import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  type Barrier,
  type Fault,
  type Simulator,
  vapiErrorTypes,
} from '../../src/simulator/index.ts';
import { CURRENT_SESSION, LOGIN, SESSION, SESSION_LIST, send, start } from './client.ts';

const demo = { token: 'demo' };

afterEach(() => {
  vi.useRealTimers();
});

/** Waits without moving fake timers, which `expect.poll` does. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate();
}

async function read(simulator: Simulator): Promise<unknown> {
  return (await send(simulator, CURRENT_SESSION, demo)).json;
}

describe('a fault applies to', () => {
  it('requests of its API, operation and token', async () => {
    const simulator = await start();
    simulator.addSession({ token: 'other' });
    const fault = simulator.injectFault({
      api: 'vim25',
      operation: 'currentSession',
      token: 'demo',
      vim25Fault: 'NotFound',
    });
    expect((await send(simulator, SESSION, demo)).status).toBe(200);
    expect((await send(simulator, SESSION_LIST, demo)).status).toBe(200);
    expect((await send(simulator, CURRENT_SESSION, { token: 'other' })).status).toBe(200);
    expect(fault.used).toBe(0);
    expect((await send(simulator, CURRENT_SESSION, demo)).status).toBe(500);
    expect(fault.used).toBe(1);
  });

  it('requests whose token matches its predicate', async () => {
    const simulator = await start();
    simulator.injectFault({ token: (token) => token === undefined, response: { status: 418 } });
    expect((await send(simulator, SESSION)).status).toBe(418);
    expect((await send(simulator, SESSION, demo)).status).toBe(200);
  });

  it('as many requests as its times, then the next fault applies', async () => {
    const simulator = await start();
    const first = simulator.injectFault({ times: 2, response: { status: 502 } });
    simulator.injectFault({ times: 1, response: { status: 429 } });
    const statuses = [];
    for (let turn = 0; turn < 4; turn += 1)
      statuses.push((await send(simulator, SESSION, demo)).status);
    expect(statuses).toEqual([502, 502, 429, 200]);
    expect([first.used, first.active]).toEqual([2, false]);
  });

  it('requests until its duration has passed', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const simulator = await start();
    const fault = simulator.injectFault({ durationMs: 3_000, response: { status: 503 } });
    expect((await send(simulator, SESSION, demo)).status).toBe(503);
    vi.advanceTimersByTime(2_999);
    expect((await send(simulator, SESSION, demo)).status).toBe(503);
    vi.advanceTimersByTime(1);
    expect((await send(simulator, SESSION, demo)).status).toBe(200);
    expect([fault.used, fault.active]).toEqual([2, false]);
  });

  it('no request once it is cancelled or cleared', async () => {
    const simulator = await start();
    const fault = simulator.injectFault({ response: { status: 502 } });
    fault.cancel();
    expect((await send(simulator, SESSION, demo)).status).toBe(200);
    simulator.injectFault({ response: { status: 502 } });
    simulator.clearFaults();
    expect((await send(simulator, SESSION, demo)).status).toBe(200);
  });
});

describe('the response of a fault', () => {
  it('has any status, headers and body, and the operation is not carried out', async () => {
    const simulator = await start();
    const bytes = Buffer.from([0xff, 0x00, 0xfe]);
    simulator.injectFault({
      times: 1,
      response: { status: 599, headers: { 'x-one': ['a', 'b'] }, body: bytes },
    });
    const reply = await send(simulator, CURRENT_SESSION, demo);
    expect([reply.status, reply.headers['x-one'], reply.headers['content-type']]).toEqual([
      599,
      'a, b',
      undefined,
    ]);
    expect(reply.bytes).toEqual(bytes);
    expect(await read(simulator)).toMatchObject({ callCount: 1 });
  });

  it.each(vapiErrorTypes.map((type) => [type]))('is the vAPI error %s', async (type) => {
    const simulator = await start();
    simulator.injectFault({ api: 'vapi', vapiError: type });
    const reply = await send(simulator, SESSION, demo);
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(reply.json).toMatchObject({ error_type: type, messages: [{ args: [] }] });
  });

  it('is a vAPI error with the given members', async () => {
    const simulator = await start();
    const error = {
      errorType: null,
      status: 400,
      messages: [],
      data: { big: 2n ** 63n },
      members: { extra: 1 },
    };
    simulator.injectFault({ vapiError: error, times: 1 });
    const reply = await send(simulator, SESSION, demo);
    expect(reply.status).toBe(400);
    expect(reply.text).toBe(
      '{"error_type":null,"messages":[],"data":{"big":9223372036854775808},"extra":1}',
    );
    simulator.injectFault({ vapiError: {} });
    expect((await send(simulator, SESSION, demo)).json).not.toHaveProperty('error_type');
  });

  it('is a vim25 fault with the given members', async () => {
    const simulator = await start();
    const members = { faultstring: undefined, faultCause: { _typeName: 'NotFound' } };
    simulator.injectFault({ vim25Fault: { typeName: 'HostNotReachable', status: 403, members } });
    const reply = await send(simulator, CURRENT_SESSION, demo);
    expect([reply.status, reply.text]).toEqual([
      403,
      '{"_typeName":"HostNotReachable","faultCause":{"_typeName":"NotFound"}}',
    ]);
  });

  it('is the usual response with properties replaced or removed', async () => {
    const simulator = await start();
    simulator.injectFault({ properties: { callCount: 'many', key: undefined } });
    for (const [path, read] of [
      [CURRENT_SESSION, (json: unknown) => json],
      [SESSION_LIST, (json: unknown) => (json as unknown[])[0]],
    ] as const) {
      const one = read((await send(simulator, path, demo)).json);
      expect(one).toMatchObject({ _typeName: 'UserSession', callCount: 'many' });
      expect(one).not.toHaveProperty('key');
    }
  });

  it('is a redirect', async () => {
    const simulator = await start();
    simulator.injectFault({ redirect: { to: 'https://elsewhere.invalid/login', status: 307 } });
    const reply = await send(simulator, SESSION, demo);
    expect([reply.status, reply.headers.location]).toEqual([
      307,
      'https://elsewhere.invalid/login',
    ]);
  });
});

describe('the delivery of a response', () => {
  it('is delayed by the sum of the latencies', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const simulator = await start();
    simulator.injectFault({ latencyMs: 20_000 });
    simulator.injectFault({ latencyMs: 20_000, vapiError: 'TIMED_OUT' });
    const reply = send(simulator, SESSION, demo);
    await until(() => vi.getTimerCount() === 1);
    vi.advanceTimersByTime(39_999);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1);
    expect((await reply).status).toBe(504);
  });

  it('is not delayed further once the client has disconnected', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const simulator = await start();
    simulator.injectFault({ latencyMs: 20_000 });
    const client = new AbortController();
    const reply = send(simulator, SESSION, { ...demo, signal: client.signal });
    await until(() => vi.getTimerCount() === 1);
    client.abort();
    await expect(reply).rejects.toThrow();
    await until(() => vi.getTimerCount() === 0);
  });

  it('is truncated in the middle of the body', async () => {
    const simulator = await start();
    simulator.injectFault({ truncated: true });
    await expect(send(simulator, SESSION, demo)).rejects.toMatchObject({
      code: 'ECONNRESET',
      message: 'aborted',
    });
    expect(simulator.calls).toMatchObject([{ state: 'aborted' }]);
  });

  it.each([0, 3])('is truncated after %i bytes', async (afterBytes) => {
    const simulator = await start();
    simulator.injectFault({ truncated: { afterBytes } });
    const reply = await fetch(simulator.url + SESSION, {
      headers: { 'vmware-api-session-id': 'demo' },
    });
    expect(reply.status).toBe(200);
    expect(Number(reply.headers.get('content-length'))).toBeGreaterThan(100);
    const reader = reply.body?.getReader();
    if (afterBytes > 0) expect((await reader?.read())?.value).toHaveLength(afterBytes);
    await expect(reader?.read()).rejects.toThrow();
  });

  it('is a reset before any byte', async () => {
    const simulator = await start();
    simulator.injectFault({ reset: true });
    const { hostname, port } = new URL(simulator.url);
    const socket = connect(Number(port), hostname);
    const received = vi.fn();
    socket.on('data', received);
    socket.write(`GET ${SESSION} HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`);
    // A connection that is merely closed ends without an error.
    await expect(once(socket, 'close')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(received).not.toHaveBeenCalled();
  });

  it('hangs until the client disconnects', async () => {
    const simulator = await start();
    simulator.injectFault({ hang: true, times: 1 });
    const client = new AbortController();
    const reply = send(simulator, SESSION, { ...demo, signal: client.signal });
    await expect.poll(() => simulator.calls).toMatchObject([{ state: 'open' }]);
    expect((await send(simulator, SESSION, demo)).status).toBe(200);
    expect(simulator.calls[0]).toMatchObject({ state: 'open' });
    client.abort();
    await expect(reply).rejects.toThrow();
    await expect.poll(() => simulator.calls[0]?.state).toBe('aborted');
  });

  it('is slow', async () => {
    const simulator = await start();
    simulator.injectFault({ response: { body: '[1,2,3]' }, slow: { everyMs: 1, bytes: 2 } });
    const reply = await send(simulator, SESSION, demo);
    expect(reply.json).toEqual([1, 2, 3]);
    expect(reply.headers['content-length']).toBe('7');
  });

  it.each([
    [{ bytes: 3_000_000 }, undefined],
    [{ bytes: 3_000_000, announced: true }, '3000006'],
  ])('is oversized: %o', async (oversized, length) => {
    const simulator = await start();
    simulator.injectFault({ response: { body: '"body"' }, oversized });
    const reply = await send(simulator, SESSION, demo);
    expect(reply.headers['content-length']).toBe(length);
    expect(reply.bytes).toHaveLength(3_000_006);
    expect(reply.json).toBe('body');
  });

  it('is compressed', async () => {
    const simulator = await start();
    const plain = (await send(simulator, SESSION_LIST, demo)).text.replace(
      '"callCount":1',
      '"callCount":2',
    );
    for (const [encoding, decompress] of [
      ['gzip', gunzipSync],
      ['br', brotliDecompressSync],
      ['deflate', inflateSync],
    ] as const) {
      simulator.injectFault({
        encoding,
        times: 1,
        properties: { callCount: 2, lastActiveTime: activeTime(plain) },
      });
      const reply = await send(simulator, SESSION_LIST, demo);
      expect(reply.headers['content-encoding']).toBe(encoding);
      expect(decompress(reply.bytes).toString()).toBe(plain);
    }
  });

  it('is a few bytes that decompress to an oversized body', async () => {
    const simulator = await start();
    simulator.injectFault({ encoding: 'gzip', oversized: { bytes: 5_000_000 } });
    const reply = await send(simulator, SESSION, demo);
    expect(reply.bytes.length).toBeLessThan(50_000);
    expect(gunzipSync(reply.bytes).length).toBeGreaterThan(5_000_000);
  });
});

function activeTime(text: string): string {
  return /"lastActiveTime":"([^"]+)"/.exec(text)?.[1] ?? '';
}

describe('a fault that is not valid', () => {
  it.each<[unknown, string]>([
    [
      { api: 'soap', hang: true },
      'Invalid fault property api: Invalid option: expected one of "vapi"|"vim25".',
    ],
    [
      { response: { status: 99 } },
      'Invalid fault property response.status: Too small: expected number to be >=200.',
    ],
    [
      { response: { headers: { 'x-a': 'b\n' } } },
      'Invalid fault property response.headers: expected valid HTTP headers.',
    ],
    [
      { times: 0, hang: true },
      'Invalid fault property times: Too small: expected number to be >=1.',
    ],
    [{ hang: true, reset: true }, 'Invalid fault: expected one of hang, reset, received 2.'],
    [{ explode: true }, 'Invalid fault: Unrecognized key: "explode".'],
    [
      { api: 'vapi' },
      'Invalid fault: expected at least one of latencyMs, response, vapiError, vim25Fault, ' +
        'properties, redirect, truncated, slow, oversized, hang, reset, encoding.',
    ],
    [null, 'Invalid fault: expected object, received null.'],
  ])('is rejected: %o', async (fault, message) => {
    const simulator = await start();
    expect(() => simulator.injectFault(fault as Fault)).toThrow(
      expect.objectContaining({ name: 'TypeError', message }),
    );
  });

  it('is named in a response 500 where it cannot be written', async () => {
    const simulator = await start();
    simulator.injectFault({ properties: { callCount: Number.NaN }, times: 1 });
    const reply = await send(simulator, CURRENT_SESSION, demo);
    expect(reply.status).toBe(500);
    expect(reply.text).toContain('Expected a finite number, received NaN');
    expect((await send(simulator, CURRENT_SESSION, demo)).status).toBe(200);
  });
});

describe('a barrier', () => {
  it('holds responses back until all requests have arrived', async () => {
    const simulator = await start();
    const barrier = simulator.barrier({ count: 2 });
    const first = send(simulator, SESSION, demo);
    await expect.poll(() => barrier.arrived).toBe(1);
    expect(simulator.calls).toMatchObject([{ state: 'open' }]);
    expect(barrier.met).toBe(false);
    const second = send(simulator, CURRENT_SESSION, demo);
    expect((await Promise.all([first, second])).map((reply) => reply.status)).toEqual([200, 200]);
    expect([barrier.met, await barrier.done]).toEqual([true, true]);
    expect((await send(simulator, SESSION, demo)).status).toBe(200);
  });

  it('opens without the missing requests after its time, and is not met', async () => {
    const simulator = await start();
    const barrier = simulator.barrier({ count: 2, giveUpAfterMs: 10 });
    expect((await send(simulator, SESSION, demo)).status).toBe(200);
    expect((await send(simulator, SESSION, demo)).status).toBe(200);
    expect([barrier.met, await barrier.done]).toEqual([false, false]);
  });

  it('holds only matching requests, POST requests too', async () => {
    const simulator = await start();
    const barrier = simulator.barrier({ count: 2, api: 'vim25', operation: 'Login' });
    expect((await send(simulator, SESSION, demo)).status).toBe(200);
    const body = JSON.stringify({ userName: 'jane', password: 'demo' });
    const logins = [1, 2].map(() => send(simulator, LOGIN, { method: 'POST', body }));
    expect((await Promise.all(logins)).map((reply) => reply.status)).toEqual([200, 200]);
    expect([barrier.met, barrier.arrived]).toEqual([true, 2]);
  });

  it('opens when it is cancelled and when faults are cleared', async () => {
    const simulator = await start();
    for (const open of [(barrier: Barrier) => barrier.cancel(), () => simulator.clearFaults()]) {
      const barrier = simulator.barrier({ count: 2, giveUpAfterMs: 60_000 });
      const held = send(simulator, SESSION, demo);
      await expect.poll(() => barrier.arrived).toBe(1);
      open(barrier);
      expect((await held).status).toBe(200);
      expect(barrier.met).toBe(false);
    }
  });
});
