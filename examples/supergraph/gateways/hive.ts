import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGatewayRuntime } from '@graphql-hive/gateway';
import { gatewayConfig } from '../../routers/hive-gateway/gateway.config.ts';
import type { StartGateway } from './gateway.ts';

/** Hive Gateway with the recipe of `examples/routers`. */
export const startGateway: StartGateway = async (supergraphSdl, port) => {
  const gateway = createGatewayRuntime({
    ...gatewayConfig,
    supergraph: supergraphSdl,
    logging: 'warn',
  });
  const server = createServer(gateway);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    async close() {
      server.close();
      server.closeAllConnections();
      await gateway[Symbol.asyncDispose]();
    },
  };
};
