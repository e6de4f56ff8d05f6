/**
 * The catalogue of error codes: the meaning of each, what a client should do, and the upstream errors that map
 * to it. `docs/errors.md` is generated from it.
 */

/** The properties of one code. */
interface CodeEntry {
  /** The message where upstream sent none. It has no host, address or path. */
  readonly sentence: string;
  /** What a client should do, for `docs/errors.md`. */
  readonly advice: string;
  /** When this subgraph itself returns the code, for `docs/errors.md`. Default: never, it is always upstream's. */
  readonly own?: string;
  /** Whether the same request may succeed later. Default: false. */
  readonly retryable?: true;
}

const entries = {
  ALREADY_EXISTS: {
    sentence: 'The item already exists.',
    advice: 'Read the existing item instead of creating it.',
  },
  ALREADY_IN_DESIRED_STATE: {
    sentence: 'The item is already in the desired state.',
    advice: 'Nothing needs to be done.',
  },
  BAD_UPSTREAM_RESPONSE: {
    sentence: 'The vCenter sent a response that its API does not declare.',
    advice:
      'Report it to the operator: a proxy may be in front of the vCenter, or its release may be unknown to this subgraph.',
    own: 'a response that the API does not declare, or a redirect',
  },
  BAD_USER_INPUT: {
    sentence: 'The request has an invalid argument, id or token.',
    advice: 'Correct the request: the message names what was expected.',
    own: 'an unknown vCenter, a malformed id or token, an operation beyond a bound',
  },
  CANCELED: {
    sentence: 'The operation was canceled.',
    advice: 'Send the request again if the result is still needed.',
  },
  CONCURRENT_CHANGE: {
    sentence: 'The item was changed by someone else at the same time.',
    advice: 'Send the request again: the next response has the change.',
    retryable: true,
  },
  FEATURE_IN_USE: {
    sentence: 'The feature is in use.',
    advice: 'Send the request again when the feature is no longer in use.',
  },
  FORBIDDEN: {
    sentence: 'The session lacks a privilege that the operation requires.',
    advice:
      'Do not retry: report that the privilege is missing. For vim25, `fault.privilegeId` or `fault.missingPrivileges` may name it.',
  },
  INTERNAL_SERVER_ERROR: {
    sentence: 'Internal server error.',
    advice:
      'Report it. With a `vcenter` key, the vCenter failed. Without one, this subgraph failed, and its log has the cause under `errorId`.',
    own: 'a bug, without a `vcenter` key',
  },
  INVALID_ARGUMENT: {
    sentence: 'The vCenter rejected the value of an argument.',
    advice: 'Correct the argument: `error.messages` may name it.',
  },
  INVALID_ELEMENT_CONFIGURATION: {
    sentence: 'An item that the operation requires has an invalid configuration.',
    advice: 'Correct the configuration of the item, then send the request again.',
  },
  INVALID_ELEMENT_TYPE: {
    sentence: 'An item that the operation requires has the wrong type.',
    advice: 'Use an item of the right type.',
  },
  INVALID_REQUEST: {
    sentence: 'The vCenter rejected the request as invalid.',
    advice: 'Report it to the operator: this subgraph may not support the release of the vCenter.',
  },
  NOT_ALLOWED_IN_CURRENT_STATE: {
    sentence: 'The operation is not allowed in the current state.',
    advice: 'Send the request again when the state has changed.',
  },
  NOT_FOUND: {
    sentence: 'The vCenter did not find the requested item.',
    advice:
      'Treat the item as deleted. If every request fails with this code, check the configuration of this subgraph.',
  },
  OPERATION_NOT_FOUND: {
    sentence: 'The vCenter does not have this operation.',
    advice: 'Report it to the operator: the APIs exist since vCenter 8.0 U1.',
  },
  RESOURCE_BUSY: {
    sentence: 'The vCenter is busy.',
    advice: 'Retry after a pause, and less often.',
    own: 'its queue of calls to that API is full (`VCENTER_MAX_QUEUED`), and the call was not sent',
    retryable: true,
  },
  RESOURCE_INACCESSIBLE: {
    sentence: 'The vCenter cannot reach a resource that the operation requires.',
    advice: 'Report it to the operator, with `vcenter.id`.',
  },
  RESOURCE_IN_USE: {
    sentence: 'A resource that the operation requires is in use.',
    advice: 'Send the request again when it is no longer in use.',
  },
  SERVICE_UNAVAILABLE: {
    sentence: 'The vCenter is not available.',
    advice: 'Show the data that arrived, and retry after a pause.',
    own: 'a connection that failed or closed early, or the circuit breaker is open (`VCENTER_BREAKER_FAILURES`) and the call was not sent',
    retryable: true,
  },
  TIMED_OUT: {
    sentence: 'The vCenter did not respond in time.',
    advice: 'Show the data that arrived, and retry after a pause.',
    own: 'no complete response within `VCENTER_TIMEOUT_MS`, or the call could not start in that time',
    retryable: true,
  },
  UNABLE_TO_ALLOCATE_RESOURCE: {
    sentence: 'The vCenter lacks a resource for the operation.',
    advice: 'Retry after a pause.',
    retryable: true,
  },
  UNAUTHENTICATED: {
    sentence: 'The request is not authenticated on the vCenter.',
    advice: 'Have the user log in, and send the new token.',
    own: 'no token for that vCenter',
  },
  UNEXPECTED_INPUT: {
    sentence: 'The vCenter received input that it does not expect.',
    advice: 'Report it to the operator: this subgraph may not support the release of the vCenter.',
  },
  UNSUPPORTED: {
    sentence: 'The vCenter does not support the operation.',
    advice: 'Report it to the operator: the APIs exist since vCenter 8.0 U1.',
    own: 'no common release, with `VCENTER_RELEASE=auto`',
  },
  UNVERIFIED_PEER: {
    sentence: 'The certificate of the vCenter is not trusted.',
    advice:
      'Report it to the operator. Without `error`, this subgraph does not trust the vCenter: check `VCENTER_CA_FILE` or `VCENTER_FINGERPRINT`. No token was sent.',
    own: 'a certificate that is not trusted',
  },
  UPSTREAM_ERROR: {
    sentence: 'The vCenter reported an error.',
    advice: 'Show the message. `error` or `fault` has the details that the vCenter sent.',
  },
} satisfies Record<string, CodeEntry>;

/** A value of `extensions.code`. */
export type Code = keyof typeof entries;

/** Every code and its properties. */
export const catalogue: Readonly<Record<Code, CodeEntry>> = entries;

/** vAPI's standard errors whose `error_type` is the code. */
const sameNames: readonly Code[] = [
  'ALREADY_EXISTS',
  'ALREADY_IN_DESIRED_STATE',
  'CANCELED',
  'CONCURRENT_CHANGE',
  'FEATURE_IN_USE',
  'INTERNAL_SERVER_ERROR',
  'INVALID_ARGUMENT',
  'INVALID_ELEMENT_CONFIGURATION',
  'INVALID_ELEMENT_TYPE',
  'INVALID_REQUEST',
  'NOT_ALLOWED_IN_CURRENT_STATE',
  'NOT_FOUND',
  'OPERATION_NOT_FOUND',
  'RESOURCE_BUSY',
  'RESOURCE_IN_USE',
  'RESOURCE_INACCESSIBLE',
  'SERVICE_UNAVAILABLE',
  'TIMED_OUT',
  'UNABLE_TO_ALLOCATE_RESOURCE',
  'UNAUTHENTICATED',
  'UNEXPECTED_INPUT',
  'UNSUPPORTED',
  'UNVERIFIED_PEER',
];

/** The codes of vAPI's 25 standard errors, by `error_type`. Any other type is `UPSTREAM_ERROR`. */
export const codeByErrorType: ReadonlyMap<string, Code> = new Map<string, Code>([
  ...sameNames.map((name) => [name, name] as const),
  ['ERROR', 'UPSTREAM_ERROR'],
  // GraphQL's usual name for "authenticated, but not allowed".
  ['UNAUTHORIZED', 'FORBIDDEN'],
]);

/** The codes of vim25's faults, by `_typeName`. Any other fault is `UPSTREAM_ERROR`. */
export const codeByFault: ReadonlyMap<string, Code> = new Map<string, Code>([
  ['NotAuthenticated', 'UNAUTHENTICATED'],
  ['InvalidLogin', 'UNAUTHENTICATED'],
  ['NoPermission', 'FORBIDDEN'],
  ['SecurityError', 'FORBIDDEN'],
  ['NotFound', 'NOT_FOUND'],
  ['ManagedObjectNotFound', 'NOT_FOUND'],
  ['InvalidArgument', 'INVALID_ARGUMENT'],
  ['InvalidRequest', 'INVALID_REQUEST'],
  ['InvalidType', 'INVALID_REQUEST'],
  ['InvalidProperty', 'INVALID_REQUEST'],
  ['MethodNotFound', 'OPERATION_NOT_FOUND'],
  ['NotSupported', 'UNSUPPORTED'],
  ['NotImplemented', 'UNSUPPORTED'],
  ['InvalidState', 'NOT_ALLOWED_IN_CURRENT_STATE'],
  ['ConcurrentAccess', 'CONCURRENT_CHANGE'],
  ['ResourceInUse', 'RESOURCE_IN_USE'],
  ['AlreadyExists', 'ALREADY_EXISTS'],
  ['DuplicateName', 'ALREADY_EXISTS'],
  ['Timedout', 'TIMED_OUT'],
  ['RequestCanceled', 'CANCELED'],
  ['HostCommunication', 'RESOURCE_INACCESSIBLE'],
  ['HostNotConnected', 'RESOURCE_INACCESSIBLE'],
  ['HostNotReachable', 'RESOURCE_INACCESSIBLE'],
]);

/** The codes of HTTP statuses, for a response that does not name its error. */
export const codeByStatus: ReadonlyMap<number, Code> = new Map<number, Code>([
  [400, 'INVALID_REQUEST'],
  [401, 'UNAUTHENTICATED'],
  [403, 'FORBIDDEN'],
  [404, 'NOT_FOUND'],
  [408, 'TIMED_OUT'],
  [429, 'RESOURCE_BUSY'],
  [500, 'INTERNAL_SERVER_ERROR'],
  [501, 'UNSUPPORTED'],
  [502, 'SERVICE_UNAVAILABLE'],
  [503, 'SERVICE_UNAVAILABLE'],
  [504, 'TIMED_OUT'],
]);

/**
 * The code of a response that does not name its error.
 *
 * @param status - the HTTP status. A success or a redirect is a response that the APIs do not declare.
 */
export function codeFromStatus(status: number): Code {
  if (status < 400) return 'BAD_UPSTREAM_RESPONSE';
  return codeByStatus.get(status) ?? 'UPSTREAM_ERROR';
}
