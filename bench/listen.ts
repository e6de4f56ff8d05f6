import type { Server } from 'node:http';

/**
 * Listens on any free port of loopback and logs it as the subgraph does: a line of JSON that has `url`.
 */
export async function listen(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  console.log(JSON.stringify({ msg: 'ready', url: `http://127.0.0.1:${address.port}` }));
}
