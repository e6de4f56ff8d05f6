import { VCenterError } from '../../errors/vcenter-error.ts';
import type { UpstreamResponse } from './call.ts';

/**
 * Reports the result of a call when it has completed: the HTTP status, or the code of the error where no whole
 * response came. Whoever waits for the response is called after that.
 *
 * @returns the same promise: another one for each decorator would cost more than what the decorators do.
 */
export function reportResult(
  response: Promise<UpstreamResponse>,
  report: (result: string) => void,
): Promise<UpstreamResponse> {
  response.then(
    ({ status }) => report(String(status)),
    (error: unknown) =>
      report(error instanceof VCenterError ? error.extensions.code : 'INTERNAL_SERVER_ERROR'),
  );
  return response;
}
