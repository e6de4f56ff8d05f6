/** A gateway that listens. */
export interface RunningGateway {
  /** The URL of its GraphQL endpoint. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a gateway for a supergraph on loopback; port 0 is any free port. */
export type StartGateway = (supergraphSdl: string, port: number) => Promise<RunningGateway>;
