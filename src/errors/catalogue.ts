/**
 * The one catalogue of error codes: what each means, what a client does about it, and which upstream
 * words lead to it. `docs/errors.md` is generated from it.
 */

/** What there is to know about one code. */
interface CodeEntry {
  /** The message where upstream sent none. It names no host, address or path. */
  readonly sentence: string;
  /** What a client should do, for `docs/errors.md`. */
  readonly advice: string;
  /** When this subgraph itself comes to it, for `docs/errors.md`. Default: never, it is always upstream's. */
  readonly own?: string;
  /** Whether the same request may succeed later as it is. Default: false. */
  readonly retryable?: true;
}

const entries = {
  ALREADY_EXISTS: {
    sentence: 'The item already exists.',
    advice: 'Read the existing item instead of creating it.',
  },
  ALREADY_IN_DESIRED_STATE: {
    sentence: 'The item is already in the desired state.',
    advice: 'Nothing is left to do.',
  },
  BAD_UPSTREAM_RESPONSE: {
    sentence: 'The vCenter sent a response that its API does not declare.',
    advice:
      'Tell the operator: a proxy may stand in front of the vCenter, or its release may be unknown here.',
    own: 'an answer that the API does not declare',
  },
  BAD_USER_INPUT: {
    sentence: 'The request has an argument, an id or a token that cannot be used.',
    advice: 'Correct the request: the message says what it takes.',
    own: 'bad input',
  },
  CANCELED: {
    sentence: 'The operation was canceled.',
    advice: 'Ask again if the answer is still wanted.',
  },
  CONCURRENT_CHANGE: {
    sentence: 'The item was changed by someone else at the same time.',
    advice: 'Ask again: the next answer shows the change.',
    retryable: true,
  },
  FEATURE_IN_USE: {
    sentence: 'The feature is in use.',
    advice: 'Ask again when the feature is no longer in use.',
  },
  FORBIDDEN: {
    sentence: 'The session lacks a privilege that the operation requires.',
    advice:
      'Do not retry: show that the privilege is missing. For vim25, `fault.privilegeId` or `fault.missingPrivileges` may name it.',
  },
  INTERNAL_SERVER_ERROR: {
    sentence: 'The server met an error of its own.',
    advice:
      'Report it. With a `vcenter` key the vCenter failed; without one this subgraph did, and `errorId` finds the cause in its log.',
    own: 'a bug',
  },
  INVALID_ARGUMENT: {
    sentence: 'The vCenter does not take a value that it was given.',
    advice: 'Correct the argument: `error.messages` may say which.',
  },
  INVALID_ELEMENT_CONFIGURATION: {
    sentence: 'An item that the operation needs is configured wrongly.',
    advice: 'Have the item configured, then ask again.',
  },
  INVALID_ELEMENT_TYPE: {
    sentence: 'An item that the operation needs is of the wrong type.',
    advice: 'Name an item of the right type.',
  },
  INVALID_REQUEST: {
    sentence: 'The vCenter does not understand the request.',
    advice: 'Tell the operator: the vCenter may be of a release that this subgraph does not fit.',
  },
  NOT_ALLOWED_IN_CURRENT_STATE: {
    sentence: 'The operation is not allowed in the current state.',
    advice: 'Ask again when the state has changed.',
  },
  NOT_FOUND: {
    sentence: 'The vCenter does not have what was asked for.',
    advice:
      'Treat it as gone. For every request at once: the settings of this subgraph may be wrong.',
  },
  OPERATION_NOT_FOUND: {
    sentence: 'The vCenter does not have this operation.',
    advice: 'Tell the operator: the APIs are there from vCenter 8.0 U1 on.',
  },
  RESOURCE_BUSY: {
    sentence: 'The vCenter is busy.',
    advice: 'Ask again after a pause, and less often.',
    retryable: true,
  },
  RESOURCE_INACCESSIBLE: {
    sentence: 'The vCenter cannot reach something that the operation needs.',
    advice: 'Tell the operator which vCenter it is: `vcenter.id`.',
  },
  RESOURCE_IN_USE: {
    sentence: 'Something that the operation needs is in use.',
    advice: 'Ask again when it is no longer in use.',
  },
  SERVICE_UNAVAILABLE: {
    sentence: 'The vCenter is not available.',
    advice: 'Show what did arrive, and ask again after a pause.',
    own: 'no connection, or one that ends too early',
    retryable: true,
  },
  TIMED_OUT: {
    sentence: 'The vCenter did not answer in time.',
    advice: 'Show what did arrive, and ask again after a pause.',
    own: 'no whole answer within `VCENTER_TIMEOUT_MS`',
    retryable: true,
  },
  UNABLE_TO_ALLOCATE_RESOURCE: {
    sentence: 'The vCenter lacks a resource for the operation.',
    advice: 'Ask again after a pause.',
    retryable: true,
  },
  UNAUTHENTICATED: {
    sentence: 'The request is not logged on to the vCenter.',
    advice: 'Have the user log on, and send the new token.',
    own: 'no token for that vCenter',
  },
  UNEXPECTED_INPUT: {
    sentence: 'The vCenter was given input that it does not expect.',
    advice: 'Tell the operator: the vCenter may be of a release that this subgraph does not fit.',
  },
  UNSUPPORTED: {
    sentence: 'The vCenter does not support the operation.',
    advice: 'Tell the operator: the APIs are there from vCenter 8.0 U1 on.',
    own: 'no release in common, with `VCENTER_RELEASE=auto`',
  },
  UNVERIFIED_PEER: {
    sentence: 'The certificate of the vCenter is not trusted.',
    advice:
      'Tell the operator. Without `error` it is this subgraph that does not trust the vCenter: `VCENTER_CA_FILE` or `VCENTER_FINGERPRINT` needs a look, and no token was sent.',
    own: 'a certificate that is not trusted',
  },
  UPSTREAM_ERROR: {
    sentence: 'The vCenter reported an error.',
    advice: 'Show the message. `error` or `fault` has all that the vCenter said.',
  },
} satisfies Record<string, CodeEntry>;

/** A value of `extensions.code`. */
export type Code = keyof typeof entries;

/** Every code, with its meaning. */
export const catalogue: Readonly<Record<Code, CodeEntry>> = entries;

/** Those of vAPI's 25 standard errors, by `error_type`, that are codes of the same name. */
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

/** vAPI's 25 standard errors, by `error_type`, and their codes. A type that is not here is `UPSTREAM_ERROR`. */
export const codeByErrorType: ReadonlyMap<string, Code> = new Map<string, Code>([
  ...sameNames.map((name) => [name, name] as const),
  ['ERROR', 'UPSTREAM_ERROR'],
  // The GraphQL world's name for "authenticated, but not allowed".
  ['UNAUTHORIZED', 'FORBIDDEN'],
]);

/** vim25's faults, by `_typeName`, and their codes. A fault that is not here is `UPSTREAM_ERROR`. */
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

/** HTTP statuses and their codes, for an answer that does not name its error. */
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
 * The code of an answer that does not name its error.
 *
 * @param status - the answer's HTTP status. A success or a redirect is no answer that the APIs declare.
 */
export function codeFromStatus(status: number): Code {
  if (status < 400) return 'BAD_UPSTREAM_RESPONSE';
  return codeByStatus.get(status) ?? 'UPSTREAM_ERROR';
}
