import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { createServer, type SecureVersion } from 'node:tls';
import { onTestFinished } from 'vitest';
import type { Certificate } from './certificates.ts';

/** What speaks TLS before a server that does not. */
export interface TlsFront {
  readonly url: string;
  /** All that clients sent, decrypted. */
  readonly received: string;
  /** How many connections clients tried to make. */
  readonly connections: number;
  /**
   * Shows another certificate from now on, and ends all connections. It would still resume a session from
   * before, as somebody with the keys of its tickets could.
   */
  change(certificate: Certificate): Promise<void>;
}

/**
 * Puts TLS before a server; it closes with the test.
 *
 * @param version - the one that it speaks. Default: whichever a client prefers.
 */
export async function startTlsFront(
  url: string,
  { certificate, key }: Certificate,
  version?: SecureVersion,
): Promise<TlsFront> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  let received = '';
  let connections = 0;
  const settings = { ticketKeys: randomBytes(48), minVersion: version, maxVersion: version };
  const server = createServer({ ...settings, cert: certificate, key }, (client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) track(socket);
    client.on('data', (bytes: Buffer) => {
      received += bytes.toString();
    });
    client.pipe(upstream).pipe(client);
  });
  server.on('connection', (socket) => {
    connections += 1;
    track(socket);
  });
  const endAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(async () => {
    server.close();
    endAll();
    await once(server, 'close');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get received() {
      return received;
    },
    get connections() {
      return connections;
    },
    async change({ certificate: cert, key }) {
      server.setSecureContext({ ...settings, cert, key });
      const closed = [...sockets].map((socket) => once(socket, 'close'));
      endAll();
      await Promise.all(closed);
    },
  };
}
