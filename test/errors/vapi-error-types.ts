/**
 * For each of vAPI's 25 standard errors the exact `extensions` that a client gets, written from the contract
 * and not copied from output. Each response has the one message, and the members `challenge` and `unknown`
 * besides, which clients never get.
 */
import type { VCenterErrorExtensions } from '../../src/errors/extensions.ts';

/** One row: the type, and what becomes of it. */
export interface ErrorTypeRow {
  readonly errorType: string;
  readonly extensions: VCenterErrorExtensions;
}

export const vapiErrorTypes: readonly ErrorTypeRow[] = [
  {
    errorType: 'ERROR',
    extensions: {
      code: 'UPSTREAM_ERROR',
      vcenter: {
        id: 'default',
        api: 'vapi',
        retryable: false,
        error: {
          messages: [{ id: 'an.id', default_message: 'It went wrong.', args: [] }],
          error_type: 'ERROR',
        },
      },
    },
  },
  {
    errorType: 'ALREADY_EXISTS',
    extensions: {
      code: 'ALREADY_EXISTS',
      vcenter: {
        id: 'default',
        api: 'vapi',
        retryable: false,
        error: {
          messages: [{ id: 'an.id', default_message: 'It went wrong.', args: [] }],
          error_type: 'ALREADY_EXISTS',
        },
      },
    },
  },
  {
    errorType: 'ALREADY_IN_DESIRED_STATE',
    extensions: {
      code: 'ALREADY_IN_DESIRED_STATE',
      vcenter: {
        id: 'default',
        api: 'vapi',
        retryable: false,
        error: {
          messages: [{ id: 'an.id', default_message: 'It went wrong.', args: [] }],
          error_type: 'ALREADY_IN_DESIRED_STATE',
        },
      },
    },
  },
  {
    errorType: 'CANCELED',
    extensions: {
      code: 'CANCELED',
      vcenter: {
        id: 'default',
        api: 'vapi',
        retryable: false,
        error: {
          messages: [{ id: 'an.id', default_message: 'It went wrong.', args: [] }],
          error_type: 'CANCELED',
        },
      },
    },
  },
  {
    errorType: 'CONCURRENT_CHANGE',
    extensions: {
      code: 'CONCURRENT_CHANGE',
      vcenter: {
        id: 'default',
        api: 'vapi',
        retryable: true,
        error: {
          messages: [{ id: 'an.id', default_message: 'It went wrong.', args: [] }],
          error_type: 'CONCURRENT_CHANGE',
        },
      },
    },
  },
  {
    errorType: 'FEATURE_IN_USE',
    extensions: {
      code: 'FEATURE_IN_USE',
      vcenter: {
        id: 'default',
        api: 'vapi',
        retryable: false,
        error: {
          messages: [{ id: 'an.id', default_message: 'It went wrong.', args: [] }],
          error_type: 'FEATURE_IN_USE',
        },
      },
    },
  },
  {
    errorType: 'INTERNAL_SERVER_ERROR',
    extensions: {
      code: 'INTERNAL_SERVER_ERROR',
      vcenter: {
        id: 'default',
        api: 'vapi',
        retryable: false,
        error: {
          messages: [{ id: 'an.id', default_message: 'It went wrong.', args: [] }],
          error_type: 'INTERNAL_SERVER_ERROR',
        },
      },
    },
  },
  {
    errorType: 'INVALID_ARGUMENT',
    extensions: {
      code: 'INVALID_ARGUMENT',
      vcenter: {
        id: 'default',
        api: 'vapi',
        retryable: false,
        error: {
          messages: [{ id: 'an.id', default_message: 'It went wrong.', args: [] }],
          error_type: 'INVALID_ARGUMENT',
        },
      },
    },
  },
  {
    errorType: 'INVALID_ELEMENT_CONFIGURATION',
    extensions: {
      code: 'INVALID_ELEMENT_CONFIGURATION',
      vcenter: {
        id: 'default',
        api: 'vapi',
        retryable: false,
        error: {
          messages: [{ id: 'an.id', default_message: 'It went wrong.', args: [] }],
          error_type: 'INVALID_ELEMENT_CONFIGURATION',
        },
      },
    },
  },
  {
    errorType: 'INVALID_ELEMENT_TYPE',
    extensions: {
      code: 'INVALID_ELEMENT_TYPE',
      vcenter: {
        id: 'default',
        api: 'vapi',
        retryable: false,
        error: {
          messages: [{ id: 'an.id', default_message: 'It went wrong.', args: [] }],
          error_type: 'INVALID_ELEMENT_TYPE',
        },
      },
    },
  },
  {
    errorType: 'INVALID_REQUEST',
    extensions: {
      code: 'INVALID_REQUEST',
      vcenter: {
        id: 'default',
        api: 'vapi',
        retryable: false,
        error: {
          messages: [{ id: 'an.id', default_message: 'It went wrong.', args: [] }],
          error_type: 'INVALID_REQUEST',
        },
      },
    },
  },
  {
    errorType: 'NOT_ALLOWED_IN_CURRENT_STATE',
    extensions: {
      code: 'NOT_ALLOWED_IN_CURRENT_STATE',
      vcenter: {
        id: 'default',
        api: 'vapi',
        retryable: false,
        error: {
          messages: [{ id: 'an.id', default_message: 'It went wrong.', args: [] }],
          error_type: 'NOT_ALLOWED_IN_CURRENT_STATE',
        },
      },
    },
  },
  {
    errorType: 'NOT_FOUND',
    extensions: {
      code: 'NOT_FOUND',
      vcenter: {
        id: 'default',
        api: 'vapi',
        retryable: false,
        error: {
          messages: [{ id: 'an.id', default_message: 'It went wrong.', args: [] }],
          error_type: 'NOT_FOUND',
        },
      },
    },
  },
  {
    errorType: 'OPERATION_NOT_FOUND',
    extensions: {
      code: 'OPERATION_NOT_FOUND',
      vcenter: {
        id: 'default',
        api: 'vapi',
        retryable: false,
        error: {
          messages: [{ id: 'an.id', default_message: 'It went wrong.', args: [] }],
          error_type: 'OPERATION_NOT_FOUND',
        },
      },
    },
  },
  {
    errorType: 'RESOURCE_BUSY',
    extensions: {
      code: 'RESOURCE_BUSY',
      vcenter: {
        id: 'default',
        api: 'vapi',
        retryable: true,
        error: {
          messages: [{ id: 'an.id', default_message: 'It went wrong.', args: [] }],
          error_type: 'RESOURCE_BUSY',
        },
      },
    },
  },
  {
    errorType: 'RESOURCE_IN_USE',
    extensions: {
      code: 'RESOURCE_IN_USE',
      vcenter: {
        id: 'default',
        api: 'vapi',
        retryable: false,
        error: {
          messages: [{ id: 'an.id', default_message: 'It went wrong.', args: [] }],
          error_type: 'RESOURCE_IN_USE',
        },
      },
    },
  },
  {
    errorType: 'RESOURCE_INACCESSIBLE',
    extensions: {
      code: 'RESOURCE_INACCESSIBLE',
      vcenter: {
        id: 'default',
        api: 'vapi',
        retryable: false,
        error: {
          messages: [{ id: 'an.id', default_message: 'It went wrong.', args: [] }],
          error_type: 'RESOURCE_INACCESSIBLE',
        },
      },
    },
  },
  {
    errorType: 'SERVICE_UNAVAILABLE',
    extensions: {
      code: 'SERVICE_UNAVAILABLE',
      vcenter: {
        id: 'default',
        api: 'vapi',
        retryable: true,
        error: {
          messages: [{ id: 'an.id', default_message: 'It went wrong.', args: [] }],
          error_type: 'SERVICE_UNAVAILABLE',
        },
      },
    },
  },
  {
    errorType: 'TIMED_OUT',
    extensions: {
      code: 'TIMED_OUT',
      vcenter: {
        id: 'default',
        api: 'vapi',
        retryable: true,
        error: {
          messages: [{ id: 'an.id', default_message: 'It went wrong.', args: [] }],
          error_type: 'TIMED_OUT',
        },
      },
    },
  },
  {
    errorType: 'UNABLE_TO_ALLOCATE_RESOURCE',
    extensions: {
      code: 'UNABLE_TO_ALLOCATE_RESOURCE',
      vcenter: {
        id: 'default',
        api: 'vapi',
        retryable: true,
        error: {
          messages: [{ id: 'an.id', default_message: 'It went wrong.', args: [] }],
          error_type: 'UNABLE_TO_ALLOCATE_RESOURCE',
        },
      },
    },
  },
  {
    errorType: 'UNAUTHENTICATED',
    extensions: {
      code: 'UNAUTHENTICATED',
      vcenter: {
        id: 'default',
        api: 'vapi',
        retryable: false,
        error: {
          messages: [{ id: 'an.id', default_message: 'It went wrong.', args: [] }],
          error_type: 'UNAUTHENTICATED',
        },
      },
    },
  },
  {
    errorType: 'UNAUTHORIZED',
    extensions: {
      code: 'FORBIDDEN',
      vcenter: {
        id: 'default',
        api: 'vapi',
        retryable: false,
        error: {
          messages: [{ id: 'an.id', default_message: 'It went wrong.', args: [] }],
          error_type: 'UNAUTHORIZED',
        },
      },
    },
  },
  {
    errorType: 'UNEXPECTED_INPUT',
    extensions: {
      code: 'UNEXPECTED_INPUT',
      vcenter: {
        id: 'default',
        api: 'vapi',
        retryable: false,
        error: {
          messages: [{ id: 'an.id', default_message: 'It went wrong.', args: [] }],
          error_type: 'UNEXPECTED_INPUT',
        },
      },
    },
  },
  {
    errorType: 'UNSUPPORTED',
    extensions: {
      code: 'UNSUPPORTED',
      vcenter: {
        id: 'default',
        api: 'vapi',
        retryable: false,
        error: {
          messages: [{ id: 'an.id', default_message: 'It went wrong.', args: [] }],
          error_type: 'UNSUPPORTED',
        },
      },
    },
  },
  {
    errorType: 'UNVERIFIED_PEER',
    extensions: {
      code: 'UNVERIFIED_PEER',
      vcenter: {
        id: 'default',
        api: 'vapi',
        retryable: false,
        error: {
          messages: [{ id: 'an.id', default_message: 'It went wrong.', args: [] }],
          error_type: 'UNVERIFIED_PEER',
        },
      },
    },
  },
];
