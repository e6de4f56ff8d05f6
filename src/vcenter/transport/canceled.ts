import type { Api } from '../../errors/extensions.ts';
import { VCenterError } from '../../errors/vcenter-error.ts';

/** The error of a call whose client has gone. It is not logged: no client waits for it. */
export function canceledError(vcenter: string, api: Api): VCenterError {
  return new VCenterError(vcenter, api, 'CANCELED');
}
