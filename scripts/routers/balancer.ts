import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** A TCP load balancer on loopback: each new connection goes to the current target. */
export interface Balancer extends AsyncDisposable {
  readonly url: string;
  /** Where new connections go. Open ones stay where they are. */
  target: URL;
}

/** Starts a balancer on a free port. */
export async function startBalancer(first: URL): Promise<Balancer> {
  let target = first;
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy()).on('close', () => sockets.delete(from));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get target() {
      return target;
    },
    set target(url) {
      target = url;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
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
