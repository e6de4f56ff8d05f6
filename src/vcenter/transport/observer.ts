import type { Api } from '../../errors/extensions.ts';

/** One call that was sent upstream and has ended. */
export interface CompletedRequest {
  /** The vCenter's id. */
  readonly vcenter: string;
  readonly api: Api;
  /** The HTTP status, or the code of the error where no whole response came. */
  readonly result: string;
  /** From its start to the end of the body, or to the failure. */
  readonly durationMs: number;
}

/** Is told what happens to the calls of vCenters. */
export interface TransportObserver {
  /** A call was sent upstream. */
  onStart?(call: { readonly vcenter: string; readonly api: Api }): void;
  /** A call that was sent has ended. */
  onComplete(call: CompletedRequest): void;
  /** A read was served by an identical call in flight. */
  onShared?(call: { readonly vcenter: string; readonly api: Api }): void;
  /** The number of calls that wait for a connection has changed. */
  onQueued?(queue: { readonly vcenter: string; readonly api: Api; readonly queued: number }): void;
  /** A circuit breaker has opened or closed. */
  onCircuit?(circuit: {
    readonly vcenter: string;
    readonly api: Api;
    readonly open: boolean;
  }): void;
  /** A vCenter has shown its certificate at the start of a connection. */
  onCertificate?(certificate: { readonly vcenter: string; readonly expires: Date }): void;
}
