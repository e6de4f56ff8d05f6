import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { createSecureContext, TLSSocket, type TlsOptions, Server as TlsServer } from 'node:tls';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { closeAfter } from './close-after.ts';
import { errorResponse } from './error-response.ts';
import { isProbe } from './health.ts';
import type { InboundTls } from './server-options.ts';

/** Certificates of files, which are read again when they change. */
export class Certificates {
  readonly #files: InboundTls;
  #current: TlsOptions;

  private constructor(files: InboundTls, current: TlsOptions) {
    this.#files = files;
    this.#current = current;
  }

  /**
   * Reads the files.
   *
   * @throws an Error that names the settings where the files cannot be read, or are no certificate and its key.
   */
  static async read(files: InboundTls): Promise<Certificates> {
    try {
      return new Certificates(files, await readFiles(files));
    } catch (cause) {
      throw new InvalidCertificateError(cause);
    }
  }

  /**
   * What a server is created with. It requests a certificate of its clients where there is an authority, but
   * refuses none: probes of health have none.
   */
  get options(): TlsOptions {
    return {
      ...this.#current,
      requestCert: this.#files.clientCaFile !== undefined,
      rejectUnauthorized: false,
    };
  }

  /**
   * Looks at the files from now on, and applies what has changed to new connections; connections in use stay.
   * Files that do not fit each other are logged and not applied: the one may have been written before the other.
   *
   * @returns a function that ends it.
   */
  watch(servers: readonly Server[], everyMs: number, log: FastifyBaseLogger): () => void {
    let failed: string | undefined;
    const check = async () => {
      try {
        const next = await readFiles(this.#files);
        failed = undefined;
        if (isEqual(next, this.#current)) return;
        this.#current = next;
        for (const server of servers)
          if (server instanceof TlsServer) server.setSecureContext(next);
        log.info('certificates were read again');
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (reason !== failed) log.error({ err: error }, 'changed certificates cannot be used');
        failed = reason;
      }
    };
    const timer = setInterval(() => void check(), everyMs).unref();
    return () => clearInterval(timer);
  }
}

/** The files of the settings cannot be used. */
export class InvalidCertificateError extends Error {
  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      `TLS_CERT_FILE and TLS_KEY_FILE expect a certificate and its key, TLS_CLIENT_CA_FILE an authority, in PEM: ${reason}`,
      { cause },
    );
  }
}

async function readFiles({ certFile, keyFile, clientCaFile }: InboundTls): Promise<TlsOptions> {
  const [cert, key, ca] = await Promise.all(
    [certFile, keyFile, clientCaFile].map((file) => file && readFile(file, 'utf8')),
  );
  const options = { cert, key, ca };
  // Throws where the key is not that of the certificate.
  createSecureContext(options);
  return options;
}

function isEqual(one: TlsOptions, other: TlsOptions): boolean {
  return one.cert === other.cert && one.ca === other.ca;
}

/** Responds with 401 to clients without a certificate of the authority. Probes need none. */
export function requireClientCertificate(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { socket } = request.raw;
    if ((socket instanceof TLSSocket && socket.authorized) || isProbe(request.url)) return done();
    closeAfter(reply.raw);
    reply
      .code(401)
      .header('cache-control', 'no-store')
      .send(errorResponse('Missing or invalid client certificate.', 'UNAUTHENTICATED'));
  });
}
