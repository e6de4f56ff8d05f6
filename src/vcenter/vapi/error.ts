import { codeByErrorType, codeFromStatus } from '../../errors/catalogue.ts';
import type { Api } from '../../errors/extensions.ts';
import { VCenterError } from '../../errors/vcenter-error.ts';
import { type ErrorSource, errorFromStatus } from '../error-factory.ts';
import type { UpstreamResponse } from '../transport/buffered-request.ts';
import { parseError } from '../transport/parse-response.ts';
import { sanitizeUpstreamError } from '../transport/redact.ts';
import { localizableMessage, stdError, transientIndication } from './schemas.ts';

/** What is asked of vAPI, and on whose behalf. */
export interface VapiErrorContext {
  readonly vcenter: ErrorSource;
  /** What must not come back out of the upstream's words, the longest first. Default: nothing. */
  readonly secrets?: readonly string[];
  /** The API that a client sees fail. Default: vAPI. */
  readonly api?: Api;
}

/** The error that an answer of vAPI other than a success stands for. */
export function vapiError(
  { vcenter, secrets = [], api = 'vapi' }: VapiErrorContext,
  response: UpstreamResponse,
): VCenterError {
  const said = parseError(stdError, response);
  // An older service may leave the type out, or empty.
  const code = said?.error_type
    ? (codeByErrorType.get(said.error_type) ?? 'UPSTREAM_ERROR')
    : codeFromStatus(response.status);
  if (said === undefined || Object.values(said).every((member) => member === undefined))
    return errorFromStatus(vcenter, api, code, response.status);
  const error = sanitizeUpstreamError(said, secrets);
  const message = localizableMessage.safeParse(error?.messages?.[0]).data;
  return new VCenterError(vcenter.id, api, code, {
    message: message?.localized || message?.default_message,
    error,
    transient: transientIndication.safeParse(said.data).success,
  });
}
