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
  /** What `NoPermission` says is missing. */
  readonly missingPrivileges?: unknown;
  /** The privilege that would have been needed; can be empty. */
  readonly privilegeId?: unknown;
}

/** The value of `extensions.vcenter`: which vCenter and API failed, and what it said. */
export interface VCenterErrorDetails {
  /** The vCenter's id in the settings of the subgraph. */
  readonly id: string;
  /** The API that failed, or that could not be asked. */
  readonly api: Api;
  /** Whether the same request may succeed later as it is. */
  readonly retryable: boolean;
  /** What vAPI said; absent where it said nothing. */
  readonly error?: StdError;
  /** What vim25 said; absent where it said nothing. */
  readonly fault?: Vim25Fault;
}

/** The `extensions` of an error that a vCenter, or the way to it, caused. */
export interface VCenterErrorExtensions {
  readonly code: Code;
  readonly vcenter: VCenterErrorDetails;
}

/**
 * Tells whether a GraphQL error comes from a vCenter, and if so narrows its `extensions`.
 *
 * @param error - an error of a GraphQL response, of any client: whatever has `extensions`.
 * @example
 * for (const error of result.errors ?? [])
 *   if (isVCenterError(error) && error.extensions.vcenter.retryable) retryLater();
 */
export function isVCenterError<E extends { readonly extensions?: unknown }>(
  error: E,
): error is E & { readonly extensions: VCenterErrorExtensions } {
  const extensions = error.extensions;
  if (typeof extensions !== 'object' || extensions === null) return false;
  const { code, vcenter } = extensions as { code?: unknown; vcenter?: unknown };
  if (typeof code !== 'string' || typeof vcenter !== 'object' || vcenter === null) return false;
  const { id, api, retryable } = vcenter as { id?: unknown; api?: unknown; retryable?: unknown };
  return (
    typeof id === 'string' && (api === 'vapi' || api === 'vim25') && typeof retryable === 'boolean'
  );
}
