import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Worker } from 'node:worker_threads';

/** A TCP load balancer on loopback: each new connection goes to the current target. */
export interface Balancer extends AsyncDisposable {
  readonly url: string;
  /** Where new connections go. Open ones stay where they are. */
  target: URL;
  /** The protocols of the connections so far: `HTTP/2` with prior knowledge, `HTTP/1.1`. */
  readonly protocols: Set<string>;
}

/**
 * Starts a balancer on a free port, in a thread of its own: the end of a connection must reach the router at once,
 * as it does where the network balances, however busy this process is.
 */
export async function startBalancer(first: URL): Promise<Balancer> {
  let target = first;
  const worker = new Worker(new URL('./balancer-worker.ts', import.meta.url));
  worker.postMessage(target.href);
  const [port] = (await once(worker, 'message')) as [number];
  const protocols = new Set<string>();
  worker.on('message', (protocol: string) => protocols.add(protocol));
  return {
    url: `http://127.0.0.1:${port}`,
    protocols,
    get target() {
      return target;
    },
    set target(url) {
      target = url;
      worker.postMessage(url.href);
    },
    async [Symbol.asyncDispose]() {
      await worker.terminate();
    },
  };
}

/** A port of loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
