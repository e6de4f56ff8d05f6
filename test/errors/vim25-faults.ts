/**
 * For each vim25 fault that the contract names, and for some that it does not, the exact `extensions` that a
 * client gets, written from the contract and not copied from output.
 */
import type { VCenterErrorExtensions } from '../../src/errors/extensions.ts';

/** One row: the fault's name, and what becomes of it. */
export interface FaultRow {
  readonly typeName: string;
  readonly extensions: VCenterErrorExtensions;
}

export const vim25Faults: readonly FaultRow[] = [
  {
    typeName: 'NotAuthenticated',
    extensions: {
      code: 'UNAUTHENTICATED',
      vcenter: {
        id: 'default',
        api: 'vim25',
        retryable: false,
        fault: { _typeName: 'NotAuthenticated', faultstring: 'It went wrong.' },
      },
    },
  },
  {
    typeName: 'InvalidLogin',
    extensions: {
      code: 'UNAUTHENTICATED',
      vcenter: {
        id: 'default',
        api: 'vim25',
        retryable: false,
        fault: { _typeName: 'InvalidLogin', faultstring: 'It went wrong.' },
      },
    },
  },
  {
    typeName: 'NoPermission',
    extensions: {
      code: 'FORBIDDEN',
      vcenter: {
        id: 'default',
        api: 'vim25',
        retryable: false,
        fault: { _typeName: 'NoPermission', faultstring: 'It went wrong.' },
      },
    },
  },
  {
    typeName: 'SecurityError',
    extensions: {
      code: 'FORBIDDEN',
      vcenter: {
        id: 'default',
        api: 'vim25',
        retryable: false,
        fault: { _typeName: 'SecurityError', faultstring: 'It went wrong.' },
      },
    },
  },
  {
    typeName: 'NotFound',
    extensions: {
      code: 'NOT_FOUND',
      vcenter: {
        id: 'default',
        api: 'vim25',
        retryable: false,
        fault: { _typeName: 'NotFound', faultstring: 'It went wrong.' },
      },
    },
  },
  {
    typeName: 'ManagedObjectNotFound',
    extensions: {
      code: 'NOT_FOUND',
      vcenter: {
        id: 'default',
        api: 'vim25',
        retryable: false,
        fault: { _typeName: 'ManagedObjectNotFound', faultstring: 'It went wrong.' },
      },
    },
  },
  {
    typeName: 'InvalidArgument',
    extensions: {
      code: 'INVALID_ARGUMENT',
      vcenter: {
        id: 'default',
        api: 'vim25',
        retryable: false,
        fault: { _typeName: 'InvalidArgument', faultstring: 'It went wrong.' },
      },
    },
  },
  {
    typeName: 'InvalidRequest',
    extensions: {
      code: 'INVALID_REQUEST',
      vcenter: {
        id: 'default',
        api: 'vim25',
        retryable: false,
        fault: { _typeName: 'InvalidRequest', faultstring: 'It went wrong.' },
      },
    },
  },
  {
    typeName: 'InvalidType',
    extensions: {
      code: 'INVALID_REQUEST',
      vcenter: {
        id: 'default',
        api: 'vim25',
        retryable: false,
        fault: { _typeName: 'InvalidType', faultstring: 'It went wrong.' },
      },
    },
  },
  {
    typeName: 'InvalidProperty',
    extensions: {
      code: 'INVALID_REQUEST',
      vcenter: {
        id: 'default',
        api: 'vim25',
        retryable: false,
        fault: { _typeName: 'InvalidProperty', faultstring: 'It went wrong.' },
      },
    },
  },
  {
    typeName: 'MethodNotFound',
    extensions: {
      code: 'OPERATION_NOT_FOUND',
      vcenter: {
        id: 'default',
        api: 'vim25',
        retryable: false,
        fault: { _typeName: 'MethodNotFound', faultstring: 'It went wrong.' },
      },
    },
  },
  {
    typeName: 'NotSupported',
    extensions: {
      code: 'UNSUPPORTED',
      vcenter: {
        id: 'default',
        api: 'vim25',
        retryable: false,
        fault: { _typeName: 'NotSupported', faultstring: 'It went wrong.' },
      },
    },
  },
  {
    typeName: 'NotImplemented',
    extensions: {
      code: 'UNSUPPORTED',
      vcenter: {
        id: 'default',
        api: 'vim25',
        retryable: false,
        fault: { _typeName: 'NotImplemented', faultstring: 'It went wrong.' },
      },
    },
  },
  {
    typeName: 'InvalidState',
    extensions: {
      code: 'NOT_ALLOWED_IN_CURRENT_STATE',
      vcenter: {
        id: 'default',
        api: 'vim25',
        retryable: false,
        fault: { _typeName: 'InvalidState', faultstring: 'It went wrong.' },
      },
    },
  },
  {
    typeName: 'ConcurrentAccess',
    extensions: {
      code: 'CONCURRENT_CHANGE',
      vcenter: {
        id: 'default',
        api: 'vim25',
        retryable: true,
        fault: { _typeName: 'ConcurrentAccess', faultstring: 'It went wrong.' },
      },
    },
  },
  {
    typeName: 'ResourceInUse',
    extensions: {
      code: 'RESOURCE_IN_USE',
      vcenter: {
        id: 'default',
        api: 'vim25',
        retryable: false,
        fault: { _typeName: 'ResourceInUse', faultstring: 'It went wrong.' },
      },
    },
  },
  {
    typeName: 'AlreadyExists',
    extensions: {
      code: 'ALREADY_EXISTS',
      vcenter: {
        id: 'default',
        api: 'vim25',
        retryable: false,
        fault: { _typeName: 'AlreadyExists', faultstring: 'It went wrong.' },
      },
    },
  },
  {
    typeName: 'DuplicateName',
    extensions: {
      code: 'ALREADY_EXISTS',
      vcenter: {
        id: 'default',
        api: 'vim25',
        retryable: false,
        fault: { _typeName: 'DuplicateName', faultstring: 'It went wrong.' },
      },
    },
  },
  {
    typeName: 'Timedout',
    extensions: {
      code: 'TIMED_OUT',
      vcenter: {
        id: 'default',
        api: 'vim25',
        retryable: true,
        fault: { _typeName: 'Timedout', faultstring: 'It went wrong.' },
      },
    },
  },
  {
    typeName: 'RequestCanceled',
    extensions: {
      code: 'CANCELED',
      vcenter: {
        id: 'default',
        api: 'vim25',
        retryable: false,
        fault: { _typeName: 'RequestCanceled', faultstring: 'It went wrong.' },
      },
    },
  },
  {
    typeName: 'HostCommunication',
    extensions: {
      code: 'RESOURCE_INACCESSIBLE',
      vcenter: {
        id: 'default',
        api: 'vim25',
        retryable: false,
        fault: { _typeName: 'HostCommunication', faultstring: 'It went wrong.' },
      },
    },
  },
  {
    typeName: 'HostNotConnected',
    extensions: {
      code: 'RESOURCE_INACCESSIBLE',
      vcenter: {
        id: 'default',
        api: 'vim25',
        retryable: false,
        fault: { _typeName: 'HostNotConnected', faultstring: 'It went wrong.' },
      },
    },
  },
  {
    typeName: 'HostNotReachable',
    extensions: {
      code: 'RESOURCE_INACCESSIBLE',
      vcenter: {
        id: 'default',
        api: 'vim25',
        retryable: false,
        fault: { _typeName: 'HostNotReachable', faultstring: 'It went wrong.' },
      },
    },
  },
  {
    typeName: 'SystemError',
    extensions: {
      code: 'UPSTREAM_ERROR',
      vcenter: {
        id: 'default',
        api: 'vim25',
        retryable: false,
        fault: { _typeName: 'SystemError', faultstring: 'It went wrong.' },
      },
    },
  },
  {
    typeName: 'RuntimeFault',
    extensions: {
      code: 'UPSTREAM_ERROR',
      vcenter: {
        id: 'default',
        api: 'vim25',
        retryable: false,
        fault: { _typeName: 'RuntimeFault', faultstring: 'It went wrong.' },
      },
    },
  },
  {
    typeName: 'MethodFault',
    extensions: {
      code: 'UPSTREAM_ERROR',
      vcenter: {
        id: 'default',
        api: 'vim25',
        retryable: false,
        fault: { _typeName: 'MethodFault', faultstring: 'It went wrong.' },
      },
    },
  },
  {
    typeName: 'VimFault',
    extensions: {
      code: 'UPSTREAM_ERROR',
      vcenter: {
        id: 'default',
        api: 'vim25',
        retryable: false,
        fault: { _typeName: 'VimFault', faultstring: 'It went wrong.' },
      },
    },
  },
  {
    typeName: 'notAuthenticated',
    extensions: {
      code: 'UPSTREAM_ERROR',
      vcenter: {
        id: 'default',
        api: 'vim25',
        retryable: false,
        fault: { _typeName: 'notAuthenticated', faultstring: 'It went wrong.' },
      },
    },
  },
  {
    typeName: 'SomethingNewer',
    extensions: {
      code: 'UPSTREAM_ERROR',
      vcenter: {
        id: 'default',
        api: 'vim25',
        retryable: false,
        fault: { _typeName: 'SomethingNewer', faultstring: 'It went wrong.' },
      },
    },
  },
];
