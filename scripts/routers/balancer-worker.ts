/** The thread of a {@link startBalancer}: it is told its target, and tells its port and the protocols it sees. */
import { type AddressInfo, connect, createServer } from 'node:net';
import { parentPort } from 'node:worker_threads';

if (!parentPort) throw new Error('balancer-worker.ts runs in a worker thread');
const port = parentPort;
let target = new URL('http://127.0.0.1');

const server = createServer((client) => {
  const upstream = connect(Number(target.port), target.hostname);
  client.once('data', (first) =>
    port.postMessage(first.toString('latin1', 0, 3) === 'PRI' ? 'HTTP/2' : 'HTTP/1.1'),
  );
  for (const [from, to] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    from.setNoDelay(true).pipe(to);
    from.on('error', () => to.destroy());
  }
});
port.on('message', (url: string) => {
  target = new URL(url);
  if (server.listening) return;
  server.listen(0, '127.0.0.1', () => port.postMessage((server.address() as AddressInfo).port));
});
