import type { OutgoingHttpHeaders } from 'node:http';
import type { VapiErrorFault } from '../faults/fault.ts';
import type { JsonObject, JsonValue } from '../http/json.ts';
import { json, type SimulatedResponse } from '../http/response.ts';
import { type Language, type MessageName, messages, messageText } from './messages.ts';

/** The HTTP status of each vAPI error type in the REST form of the API. */
const statusByType: Readonly<Record<string, number>> = {
  ERROR: 500,
  ALREADY_EXISTS: 400,
  ALREADY_IN_DESIRED_STATE: 400,
  CANCELED: 400,
  CONCURRENT_CHANGE: 409,
  FEATURE_IN_USE: 400,
  INTERNAL_SERVER_ERROR: 500,
  INVALID_ARGUMENT: 400,
  INVALID_ELEMENT_CONFIGURATION: 400,
  INVALID_ELEMENT_TYPE: 400,
  INVALID_REQUEST: 400,
  NOT_ALLOWED_IN_CURRENT_STATE: 400,
  NOT_FOUND: 404,
  OPERATION_NOT_FOUND: 404,
  RESOURCE_BUSY: 500,
  RESOURCE_IN_USE: 400,
  RESOURCE_INACCESSIBLE: 500,
  SERVICE_UNAVAILABLE: 503,
  TIMED_OUT: 504,
  UNABLE_TO_ALLOCATE_RESOURCE: 500,
  UNAUTHENTICATED: 401,
  UNAUTHORIZED: 403,
  UNEXPECTED_INPUT: 400,
  UNSUPPORTED: 400,
  UNVERIFIED_PEER: 500,
};

/** vAPI's error types: the values of `error_type`. */
export const vapiErrorTypes: readonly string[] = Object.keys(statusByType);

/** The status of an error type; 500 for one that vAPI does not have. */
function vapiErrorStatus(errorType: string | null | undefined): number {
  return statusByType[errorType ?? ''] ?? 500;
}

const challenge = `Basic realm="VAPI endpoint",SIGN realm=0123456789abcdef0123456789abcdef01234567,service="VAPI endpoint",sts="https://vcenter.invalid/sts/STSService/vsphere.local"`;

/** An error of an operation's own. */
export function vapiError(
  errorType: string,
  message: MessageName,
  language: Language | undefined,
  options: { status?: number; headers?: OutgoingHttpHeaders } = {},
): SimulatedResponse {
  const body: JsonObject = {
    error_type: errorType,
    messages: [vapiMessage(message, language)],
    ...challengeOf(errorType),
  };
  return json(options.status ?? vapiErrorStatus(errorType), body, options.headers);
}

/** A message in English, with its translation where the request prefers another language. */
function vapiMessage(name: MessageName, language: Language | undefined): JsonObject {
  return {
    args: [],
    default_message: messages[name].en,
    id: messages[name].id,
    localized: language === undefined ? undefined : messageText(name, language),
  };
}

/** The response of an injected error. */
export function injectedVapiError(
  { errorType, status, messages, data, members }: VapiErrorFault,
  language: Language | undefined,
): SimulatedResponse {
  return json(status ?? vapiErrorStatus(errorType), {
    error_type: errorType,
    messages: messages ?? defaultMessages(errorType, language),
    data,
    ...challengeOf(errorType),
    ...members,
  });
}

/** Only UNAUTHENTICATED names the identity provider. */
function challengeOf(errorType: string | null | undefined): JsonObject {
  return errorType === 'UNAUTHENTICATED' ? { challenge: challenge } : {};
}

function defaultMessages(
  errorType: string | null | undefined,
  language: Language | undefined,
): JsonValue {
  if (errorType === 'UNAUTHENTICATED') return [vapiMessage('authenticationRequired', language)];
  const name = (errorType ?? 'error').toLowerCase();
  const sentence = `Injected by the simulator: ${name}.`;
  const localized = language === undefined ? undefined : `[${language}] ${sentence}`;
  return [
    { args: [], default_message: sentence, id: `com.vmware.vapi.std.errors.${name}`, localized },
  ];
}
