import { expect } from 'vitest';

/** What each code says where upstream says nothing. */
const sentences = {
  BAD_UPSTREAM_RESPONSE: 'The vCenter sent a response that its API does not declare.',
  FORBIDDEN: 'The session lacks a privilege that the operation requires.',
  INTERNAL_SERVER_ERROR: 'The server met an error of its own.',
  NOT_FOUND: 'The vCenter does not have what was asked for.',
  SERVICE_UNAVAILABLE: 'The vCenter is not available.',
  TIMED_OUT: 'The vCenter did not answer in time.',
  UNAUTHENTICATED: 'The request is not logged on to the vCenter.',
  UNSUPPORTED: 'The vCenter does not support the operation.',
  UNVERIFIED_PEER: 'The certificate of the vCenter is not trusted.',
} as const;

const retryableCodes = ['SERVICE_UNAVAILABLE', 'TIMED_OUT'];

type Path = readonly (string | number)[];

/** An error of a vCenter, as far as a test has to say what it is. */
export interface ExpectedFailure {
  /** Default: `default`. */
  readonly id?: string;
  /** Default: the code's own sentence. */
  readonly message?: string;
  /** What vAPI said. Default: nothing. */
  readonly error?: unknown;
  /** What vim25 said. Default: nothing. */
  readonly fault?: unknown;
}

/** The whole error that a client gets for a failure of one API of a vCenter. */
export function failure(
  path: Path,
  code: keyof typeof sentences,
  api: 'vapi' | 'vim25',
  { id = 'default', message = sentences[code], ...said }: ExpectedFailure = {},
): unknown {
  const retryable = retryableCodes.includes(code);
  return {
    message,
    path,
    locations: somewhere,
    extensions: { code, vcenter: { id, api, retryable, ...said } },
  };
}

/** The whole error that a client gets for bad input. */
export function badInput(path: Path, message: string): unknown {
  return { message, path, locations: somewhere, extensions: { code: 'BAD_USER_INPUT' } };
}

const somewhere = [{ line: expect.any(Number), column: expect.any(Number) }];

/** What vAPI's `error` is where the simulator says "not logged on". */
export const authenticationRequired = {
  message: 'Authentication required.',
  error: {
    error_type: 'UNAUTHENTICATED',
    messages: [
      {
        args: [],
        default_message: 'Authentication required.',
        id: 'com.vmware.vapi.endpoint.method.authentication.required',
      },
    ],
  },
};

/** What vim25 says to those who lack the privilege. */
export const noPermission: ExpectedFailure = {
  message: 'Permission to perform this operation was denied.',
  fault: {
    _typeName: 'NoPermission',
    faultstring: 'Permission to perform this operation was denied.',
    privilegeId: 'Sessions.TerminateSession',
    missingPrivileges: [
      {
        _typeName: 'NoPermissionEntityPrivileges',
        entity: { _typeName: 'ManagedObjectReference', type: 'Folder', value: 'group-d1' },
        privilegeIds: ['Sessions.TerminateSession'],
      },
    ],
  },
};
