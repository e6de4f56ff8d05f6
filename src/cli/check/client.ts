import { Client } from 'undici';
import { createConnector } from '../../vcenter/transport/tls.ts';
import type { VCenterOptions } from '../../vcenter/vcenter.ts';

/** Longer bodies are no response of these APIs. */
const maxBodyBytes = 64 * 1024;

/** A response of a vCenter. */
export interface CheckResponse {
  readonly status: number;
  /** The JSON value; undefined where the body is none. */
  readonly json: unknown;
  readonly body: string;
  /** The vCenter's time less this machine's, in milliseconds; undefined without a `Date`. */
  readonly clockDifferenceMs: number | undefined;
}

/** Calls one vCenter, over connections that are verified as the server's are. */
export interface CheckClient extends AsyncDisposable {
  call(
    method: 'GET' | 'POST',
    path: string,
    options?: { readonly body?: unknown; readonly token?: string | undefined },
  ): Promise<CheckResponse>;
}

export function createCheckClient(vcenter: VCenterOptions): CheckClient {
  const { url, timeoutMs } = vcenter;
  const basePath = url.pathname.replace(/\/+$/, '');
  const client = new Client(url.origin, {
    connect: createConnector(vcenter),
    maxResponseSize: maxBodyBytes,
  });
  return {
    async call(method, path, { body, token } = {}) {
      const start = Date.now();
      const response = await client.request({
        method,
        path: basePath + path,
        headers: {
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(token !== undefined && { 'vmware-api-session-id': token }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(timeoutMs),
      });
      const middle = (start + Date.now()) / 2;
      const text = await response.body.text();
      const date = Date.parse(String(response.headers['date']));
      return {
        status: response.statusCode,
        body: text,
        json: parse(text),
        clockDifferenceMs: Number.isNaN(date) ? undefined : date - middle,
      };
    },
    async [Symbol.asyncDispose]() {
      await client.destroy();
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
