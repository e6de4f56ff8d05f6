import type { Api } from '../../errors/extensions.ts';

/** One API of one vCenter. */
export interface ApiOfVCenter {
  /** The vCenter's id. */
  readonly vcenter: string;
  readonly api: Api;
}

/** A call that has completed. */
export interface CompletedRequest extends ApiOfVCenter {
  /** The HTTP status, or the code of the error where no whole response was received. */
  readonly result: string;
  /** From its start to the end of the body, or to the failure. */
  readonly durationMs: number;
}

/** Receives what happens to calls of vCenters. */
export interface TransportObserver {
  /** A call was sent upstream. */
  onStart(call: ApiOfVCenter): void;
  /** A call that was sent has completed or failed. */
  onComplete(call: CompletedRequest): void;
  /** A read was served by an identical call that was in flight. */
  onShared(call: ApiOfVCenter): void;
  /** The number of calls that wait for a connection has changed. */
  onQueued(queue: ApiOfVCenter & { readonly queued: number }): void;
  /** The circuit breaker has opened or closed. */
  onCircuit(circuit: ApiOfVCenter & { readonly open: boolean }): void;
  /** A connection was made to a peer with this certificate. */
  onCertificate(certificate: { readonly vcenter: string; readonly expires: Date }): void;
}

const ignore = () => undefined;

/** Ignores all events. */
export const noObserver: TransportObserver = {
  onStart: ignore,
  onComplete: ignore,
  onShared: ignore,
  onQueued: ignore,
  onCircuit: ignore,
  onCertificate: ignore,
};

/** A call that starts, for whoever records it. */
export interface RecordedCall extends ApiOfVCenter {
  readonly method: string;
  /** Identifies a read. It has the credential: it must be kept no longer than the call. */
  readonly identity: () => string;
}

/** Records calls for the operation that waits for them. */
export interface CallRecorder {
  /**
   * A call starts.
   *
   * @returns what receives its result, as in {@link CompletedRequest}; undefined where it is not recorded.
   */
  start(call: RecordedCall): ((result: string) => void) | undefined;
}
