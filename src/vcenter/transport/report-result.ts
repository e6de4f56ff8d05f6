import { VCenterError } from '../../errors/vcenter-error.ts';
import type { UpstreamResponse } from './call.ts';

/**
 * Reports the result of a call when it has completed: the HTTP status, or the code of the error where no whole
 * response came.
 */
export async function reportResult(
  response: Promise<UpstreamResponse>,
  report: (result: string) => void,
): Promise<UpstreamResponse> {
  try {
    const received = await response;
    report(String(received.status));
    return received;
  } catch (error) {
    report(error instanceof VCenterError ? error.extensions.code : 'INTERNAL_SERVER_ERROR');
    throw error;
  }
}
