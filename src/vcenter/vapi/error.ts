import { codeByErrorType, codeFromStatus } from '../../errors/catalogue.ts';
import type { Api } from '../../errors/extensions.ts';
import { VCenterError } from '../../errors/vcenter-error.ts';
import { type ErrorSource, errorFromStatus } from '../error-factory.ts';
import type { UpstreamResponse } from '../transport/call.ts';
import type { InvalidResponseError } from '../transport/errors.ts';
import { parseError } from '../transport/parse-response.ts';
import { sanitizeUpstreamError } from '../transport/redact.ts';
import { localizableMessage, stdError, transientIndication } from './schemas.ts';

/** Which call of vAPI an error belongs to. */
export interface VapiErrorContext {
  readonly vcenter: ErrorSource;
  /** What is redacted from the upstream error, the longest first. Default: nothing. */
  readonly secrets?: readonly string[];
  /** The API that a client sees fail. Default: vAPI. */
  readonly api?: Api;
}

/**
 * The error of a response of vAPI that has no declared value.
 *
 * @param problem - what is wrong with the value of a success.
 */
export function vapiError(
  { vcenter, secrets = [], api = 'vapi' }: VapiErrorContext,
  response: UpstreamResponse,
  problem?: InvalidResponseError,
): VCenterError {
  if (problem) return vcenter.fail(api, 'BAD_UPSTREAM_RESPONSE', problem);
  const upstreamError = parseError(stdError, response);
  // An older service may leave the type out, or empty.
  const code = upstreamError?.error_type
    ? (codeByErrorType.get(upstreamError.error_type) ?? 'UPSTREAM_ERROR')
    : codeFromStatus(response.status);
  if (
    upstreamError === undefined ||
    Object.values(upstreamError).every((member) => member === undefined)
  )
    return errorFromStatus(vcenter, api, code, response.status);
  const error = sanitizeUpstreamError(upstreamError, secrets);
  const message = localizableMessage.safeParse(error?.messages?.[0]).data;
  return new VCenterError(vcenter.id, api, code, {
    message: message?.localized || message?.default_message,
    error,
    transient: transientIndication.safeParse(upstreamError.data).success,
  });
}
