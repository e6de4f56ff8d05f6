import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect, isIP } from 'node:net';
import type { VCenterOptions } from '../../vcenter/vcenter.ts';
import { failed, ok, reasonOf, type StepResult } from './report.ts';

/** The host of a vCenter's URL, an IPv6 address without its brackets. */
export function hostOf({ url }: VCenterOptions): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

export function portOf({ url }: VCenterOptions): number {
  return Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
}

/** Resolves the vCenter's name. */
export async function checkName(vcenter: VCenterOptions): Promise<StepResult> {
  const host = hostOf(vcenter);
  if (isIP(host)) return ok(`${host} is an address`);
  try {
    const addresses = await lookup(host, { all: true });
    return ok(addresses.map(({ address }) => address).join(', '));
  } catch (error) {
    return failed(
      reasonOf(error),
      `Check the host name ${host} in the vCenter's url, and the name server of this machine.`,
    );
  }
}

/** Opens and closes a connection. */
export async function checkTcp(vcenter: VCenterOptions): Promise<StepResult> {
  const [host, port] = [hostOf(vcenter), portOf(vcenter)];
  const start = performance.now();
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(vcenter.timeoutMs) });
    const ms = Math.round(performance.now() - start);
    return ok(`${socket.remoteAddress} port ${port} in ${ms} ms`);
  } catch (error) {
    const isSlow = error instanceof Error && error.name === 'AbortError';
    return failed(
      isSlow ? `no connection within ${vcenter.timeoutMs} ms` : reasonOf(error),
      `Check that the vCenter is up, and that no firewall blocks port ${port} from here.`,
    );
  } finally {
    socket.destroy();
  }
}
