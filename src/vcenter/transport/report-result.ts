import { VCenterError } from '../../errors/vcenter-error.ts';
import type { UpstreamResponse } from './call.ts';

/**
 * Reports the result of a call when it has completed: the HTTP status, or the code of the error where no whole
 * response was received. It is reported before the promise's later handlers run.
 *
 * @returns the same promise: a new promise for each decorator would cost more than the decorators themselves.
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
