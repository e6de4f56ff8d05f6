import type { OutgoingHttpHeaders } from 'node:http';
import type { JsonObject, JsonValue } from '../http/json.ts';
import { json, type SimulatedResponse } from '../http/response.ts';
import { type Language, MESSAGES, type MessageName, messageText } from './messages.ts';

/** The HTTP status that vAPI's REST form gives each of its error types. */
const STATUS_BY_TYPE: ReadonlyMap<string, number> = new Map([
  ['ERROR', 500],
  ['ALREADY_EXISTS', 400],
  ['ALREADY_IN_DESIRED_STATE', 400],
  ['CANCELED', 400],
  ['CONCURRENT_CHANGE', 409],
  ['FEATURE_IN_USE', 400],
  ['INTERNAL_SERVER_ERROR', 500],
  ['INVALID_ARGUMENT', 400],
  ['INVALID_ELEMENT_CONFIGURATION', 400],
  ['INVALID_ELEMENT_TYPE', 400],
  ['INVALID_REQUEST', 400],
  ['NOT_ALLOWED_IN_CURRENT_STATE', 400],
  ['NOT_FOUND', 404],
  ['OPERATION_NOT_FOUND', 404],
  ['RESOURCE_BUSY', 500],
  ['RESOURCE_IN_USE', 400],
  ['RESOURCE_INACCESSIBLE', 500],
  ['SERVICE_UNAVAILABLE', 503],
  ['TIMED_OUT', 504],
  ['UNABLE_TO_ALLOCATE_RESOURCE', 500],
  ['UNAUTHENTICATED', 401],
  ['UNAUTHORIZED', 403],
  ['UNEXPECTED_INPUT', 400],
  ['UNSUPPORTED', 400],
  ['UNVERIFIED_PEER', 500],
]);

/** vAPI's error types: the values of `error_type`. */
export const VAPI_ERROR_TYPES: readonly string[] = [...STATUS_BY_TYPE.keys()];

/** The status of an error type; 500 for one that vAPI does not have. */
function vapiErrorStatus(errorType: string | null | undefined): number {
  return STATUS_BY_TYPE.get(errorType ?? '') ?? 500;
}

const CHALLENGE = `Basic realm="VAPI endpoint",SIGN realm=0123456789abcdef0123456789abcdef01234567,service="VAPI endpoint",sts="https://vcenter.invalid/sts/STSService/vsphere.local"`;

/** One of the errors that the operations themselves answer with. */
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

/** A message in English, with its translation where the caller asked for one. */
function vapiMessage(name: MessageName, language: Language | undefined): JsonObject {
  return {
    args: [],
    default_message: MESSAGES[name].en,
    id: MESSAGES[name].id,
    localized: language === undefined ? undefined : messageText(name, language),
  };
}

/** An error that a test ordered. */
export interface VapiErrorFault {
  /** `null` or left out: the error says no type, as older services do. */
  errorType?: string | null;
  /** Default: what vAPI gives the type. */
  status?: number;
  /** Default: one message that names the type. */
  messages?: JsonValue;
  /** Default: none. */
  data?: JsonValue;
  /** Further members of the body, such as `challenge`. */
  members?: JsonObject;
}

/** The answer to such an order. */
export function injectedVapiError(
  order: VapiErrorFault,
  language: Language | undefined,
): SimulatedResponse {
  const { errorType, status, messages, data, members } = order;
  const body: JsonObject = {
    error_type: errorType,
    messages: messages ?? defaultMessages(errorType, language),
    data,
    ...challengeOf(errorType),
    ...members,
  };
  return json(status ?? vapiErrorStatus(errorType), body);
}

/** UNAUTHENTICATED alone names the identity provider. */
function challengeOf(errorType: string | null | undefined): JsonObject {
  return errorType === 'UNAUTHENTICATED' ? { challenge: CHALLENGE } : {};
}

function defaultMessages(
  errorType: string | null | undefined,
  language: Language | undefined,
): JsonValue {
  if (errorType === 'UNAUTHENTICATED') return [vapiMessage('authenticationRequired', language)];
  const name = (errorType ?? 'error').toLowerCase();
  const sentence = `The simulator was told to fail with ${name}.`;
  const localized = language === undefined ? undefined : `[${language}] ${sentence}`;
  return [
    { args: [], default_message: sentence, id: `com.vmware.vapi.std.errors.${name}`, localized },
  ];
}
