/**
 * The shape of a vCenter error's `extensions`, and a guard for it, for clients in TypeScript. This file
 * imports nothing at run time, so that it costs a browser's bundle next to nothing.
 */
import type { Code } from './catalogue.ts';

export type { Code };

/** The two APIs of a vCenter: vim25 (VI/JSON) and vAPI (`/api`). */
export type Api = 'vapi' | 'vim25';

/** vAPI's error, as vCenter sent it: `messages`, `data` and `error_type` of `Std_Errors_Error`, verbatim. */
export interface StdError {
  /** A stack of messages, the first from the perspective of the operation, each next one its cause. */
  readonly messages?: readonly unknown[] | undefined;
  /** For example `{ "is_transient": true }`, a TransientIndication. */
  readonly data?: unknown;
  /** One of vAPI's standard errors, for example `SERVICE_UNAVAILABLE`; older services may send null. */
  readonly error_type?: string | null | undefined;
}

/** vim25's fault, as vCenter sent it: these of its properties, verbatim. */
export interface Vim25Fault {
  /** The name of the fault, for example `NotAuthenticated`. */
  readonly _typeName: string;
  /** Localizable messages: `key`, `arg` and `message`. */
  readonly faultMessage?: unknown;
  /** The fault that caused this one. */
  readonly faultCause?: unknown;
  readonly faultstring?: unknown;
  /** The privileges that are missing, of `NoPermission`. */
  readonly missingPrivileges?: unknown;
  /** The privilege that would have been needed; can be empty. */
  readonly privilegeId?: unknown;
}

/** The value of `extensions.vcenter`: which vCenter and API failed, and its error. */
export interface VCenterErrorDetails {
  /** The vCenter's id in the settings of the subgraph. */
  readonly id: string;
  /** The API that failed, or that could not be called. */
  readonly api: Api;
  /** Whether the same request may succeed later as it is. */
  readonly retryable: boolean;
  /** vAPI's error; absent where it sent none. */
  readonly error?: StdError;
  /** vim25's fault; absent where it sent none. */
  readonly fault?: Vim25Fault;
}

/** The `extensions` of an error that a vCenter, or the way to it, caused. */
export interface VCenterErrorExtensions {
  readonly code: Code;
  readonly vcenter: VCenterErrorDetails;
}

/**
 * Tells whether an error comes from a vCenter, and if so narrows its `extensions`.
 *
 * @param error - an error of a GraphQL response, as any client has it; anything else is none.
 * @example
 * for (const error of result.errors ?? [])
 *   if (isVCenterError(error) && error.extensions.vcenter.retryable) retryLater();
 */
export function isVCenterError<E>(
  error: E,
): error is E & { readonly extensions: VCenterErrorExtensions } {
  const { code, vcenter } = membersOf(membersOf(error)['extensions']);
  const { id, api, retryable } = membersOf(vcenter);
  return (
    typeof code === 'string' &&
    typeof id === 'string' &&
    (api === 'vapi' || api === 'vim25') &&
    typeof retryable === 'boolean'
  );
}

/** The members of an object; of anything else, none. */
function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
