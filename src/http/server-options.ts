import type { Config } from '../config/config.ts';
import type { HttpBounds } from './bounds.ts';

/** The settings that have a default here, so that a server can be started without them. */
type Defaulted =
  | 'federatedTraces'
  | 'schemaRename'
  | 'simulated'
  | 'production'
  | 'drainMs'
  | 'tls'
  | 'admin';

/** What a server is started with. */
export interface ServerOptions extends Omit<Config, Defaulted> {
  /** New names of types and root fields, by what they rename. Default: none. */
  readonly schemaRename?: ReadonlyMap<string, string>;
  /** Whether routers get federated traces. Default: false. */
  readonly federatedTraces?: boolean;
  /** The base URL of the simulator, in simulator mode. */
  readonly simulator?: string;
  /** Where log lines are written. Default: stdout. */
  readonly logTo?: { write(line: string): void };
  /** Whether `NODE_ENV` is `production`. Default: false. */
  readonly production?: boolean;
  /** How long requests are still served after SIGTERM, in milliseconds. Default: 0. */
  readonly drainMs?: number;
  /** HTTPS, with files in PEM that are read again when they change. Default: HTTP. */
  readonly tls?: InboundTls;
  /** Where health and metrics are, in clear HTTP. Default: with GraphQL. */
  readonly admin?: { readonly host: string; readonly port: number };
  /** Bounds that protect the process from its clients. Default: those of `bounds.ts`. */
  readonly bounds?: Partial<HttpBounds>;
}

/** The files of HTTPS. */
export interface InboundTls {
  readonly certFile: string;
  readonly keyFile: string;
  /** The authority whose certificates clients of `/graphql` must have. Default: they need none. */
  readonly clientCaFile?: string;
}
