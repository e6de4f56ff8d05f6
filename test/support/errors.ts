import { expect } from 'vitest';

/** The sentence of each code. */
const sentences = {
  BAD_UPSTREAM_RESPONSE: 'The vCenter sent a response that its API does not declare.',
  FORBIDDEN: 'The session lacks a privilege that the operation requires.',
  INTERNAL_SERVER_ERROR: 'Internal server error.',
  NOT_FOUND: 'The vCenter did not find the requested item.',
  SERVICE_UNAVAILABLE: 'The vCenter is not available.',
  TIMED_OUT: 'The vCenter did not respond in time.',
  UNAUTHENTICATED: 'The request is not authenticated on the vCenter.',
  UNSUPPORTED: 'The vCenter does not support the operation.',
  UNVERIFIED_PEER: 'The certificate of the vCenter is not trusted.',
} as const;

const retryableCodes = ['SERVICE_UNAVAILABLE', 'TIMED_OUT'];

type Path = readonly (string | number)[];

/** The parts of a vCenter's error that differ between tests. */
export interface ExpectedFailure {
  /** Default: `default`. */
  readonly id?: string;
  /** Default: the code's own sentence. */
  readonly message?: string;
  /** vAPI's error. Default: none. */
  readonly error?: unknown;
  /** vim25's fault. Default: none. */
  readonly fault?: unknown;
}

/** The whole error of a response for a failure of one API of a vCenter. */
export function failure(
  path: Path,
  code: keyof typeof sentences,
  api: 'vapi' | 'vim25',
  { id = 'default', message = sentences[code], ...details }: ExpectedFailure = {},
): unknown {
  const retryable = retryableCodes.includes(code);
  return {
    message,
    path,
    locations: somewhere,
    extensions: { code, vcenter: { id, api, retryable, ...details } },
  };
}

/** The whole body of the response to a request that was not executed. `message` is any by default. */
export function requestError(code: string, message: unknown = expect.any(String)): unknown {
  return { errors: [{ message, extensions: { code } }] };
}

/** The whole error of a response for bad input. */
export function badInput(path: Path, message: string): unknown {
  return { message, path, locations: somewhere, extensions: { code: 'BAD_USER_INPUT' } };
}

const somewhere = [{ line: expect.any(Number), column: expect.any(Number) }];

/** The failure of a request without a token for a vCenter. Default: the first one. */
export function noToken(id?: string): { id: string; message: string } {
  const header = id === undefined ? 'vmware-api-session-id' : `vmware-api-session-id-${id}`;
  const message = `The request has no token for the vCenter ${id ?? 'default'}. Send it in the ${header} header.`;
  return { id: id ?? 'default', message };
}

/** vAPI's error where the simulator responds "not authenticated". */
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

/** vim25's fault where the privilege is missing. */
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
