import {
  request as httpRequest,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http';
import { afterEach } from 'vitest';
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../src/simulator/index.ts';

export const SESSION = '/api/session';
export const HELLO = '/api/vcenter/system?action=hello';
export const CURRENT_SESSION = vim25('SessionManager/SessionManager/currentSession');
export const SESSION_LIST = vim25('SessionManager/SessionManager/sessionList');
export const LOGIN = vim25('SessionManager/SessionManager/Login');
export const LOGOUT = vim25('SessionManager/SessionManager/Logout');
export const CONTENT = vim25('ServiceInstance/ServiceInstance/content');

export function vim25(path: string, release = '8.0.2.0'): string {
  return `/sdk/vim25/${release}/${path}`;
}

export interface SimulatorResponse {
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  text: string;
  /** The body parsed as JSON; throws where it is not JSON. */
  json: unknown;
}

export interface RequestOptions {
  method?: string;
  token?: string;
  headers?: OutgoingHttpHeaders;
  body?: string;
  signal?: AbortSignal;
}

const running: Simulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
});

/** Starts a simulator that is closed after the test. */
export async function start(options?: SimulatorOptions): Promise<Simulator> {
  const simulator = await startSimulator(options);
  running.push(simulator);
  return simulator;
}

/** Sends one request: no redirect is followed, no body decompressed, nothing retried. */
export function send(
  simulator: { url: string },
  path: string,
  options: RequestOptions = {},
): Promise<SimulatorResponse> {
  const { method = 'GET', token, headers = {}, body, signal } = options;
  const sent = token === undefined ? headers : { 'vmware-api-session-id': token, ...headers };
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      simulator.url + path,
      { method, headers: sent, agent: false, ...(signal === undefined ? {} : { signal }) },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const text = bytes.toString('utf8');
          const { statusCode: status = 0, headers } = response;
          resolve({
            status,
            headers,
            bytes,
            text,
            get json() {
              return JSON.parse(text) as unknown;
            },
          });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** Logs in through vAPI and returns the token. */
export async function logIn(
  simulator: Simulator,
  user: string,
  password = 'demo',
): Promise<string> {
  const reply = await send(simulator, SESSION, { method: 'POST', headers: basic(user, password) });
  return reply.json as string;
}

export function basic(user: string, password: string): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

/** A clock that moves only when told to. */
export function standingClock(start = Date.UTC(2026, 0, 1)): {
  now: () => number;
  move: (ms: number) => void;
} {
  let time = start;
  return {
    now: () => time,
    move: (ms) => {
      time += ms;
    },
  };
}
