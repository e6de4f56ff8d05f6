import { codeByErrorType, codeOfStatus } from '../errors/catalogue.ts';
import type { Api } from '../errors/extensions.ts';
import { VCenterError } from '../errors/vcenter-error.ts';
import { type Failing, wordlessError } from './failures.ts';
import { readError } from './read.ts';
import { wordsForClients } from './redact.ts';
import { localizableMessage, stdError, transientIndication } from './shapes.ts';
import type { UpstreamResponse } from './transport.ts';

/** What is asked of vAPI, and on whose behalf. */
export interface AskedOfVapi {
  readonly vcenter: Failing;
  /** What must not come back out of the upstream's words, the longest first. Default: nothing. */
  readonly secrets?: readonly string[];
  /** The API that a client sees fail. Default: vAPI. */
  readonly api?: Api;
}

/** The error that an answer of vAPI other than a success stands for. */
export function vapiError(
  { vcenter, secrets = [], api = 'vapi' }: AskedOfVapi,
  response: UpstreamResponse,
): VCenterError {
  const said = readError(stdError, response);
  // An older service may leave the type out, or empty.
  const code = said?.error_type
    ? (codeByErrorType.get(said.error_type) ?? 'UPSTREAM_ERROR')
    : codeOfStatus(response.status);
  if (said === undefined || Object.values(said).every((member) => member === undefined))
    return wordlessError(vcenter, api, code, response.status);
  const error = wordsForClients(said, secrets);
  const message = localizableMessage.safeParse(error?.messages?.[0]).data;
  return new VCenterError(vcenter.id, api, code, {
    message: message?.localized || message?.default_message,
    error,
    transient: transientIndication.safeParse(said.data).success,
  });
}
