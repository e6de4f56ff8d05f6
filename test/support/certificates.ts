import { X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';

/** A certificate and its key, as PEM, and the SHA-256 fingerprint as OpenSSL prints it. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
  readonly fingerprint: string;
}

/** What a server's certificate is to have. */
export interface CertificateRequest {
  /** Who signs it. Default: itself. */
  readonly by?: Certificate;
  /** Whom it is for. Default: the address 127.0.0.1. */
  readonly host?: string;
  /** Whether it expired yesterday. Default: false. */
  readonly expired?: boolean;
}

const day = 24 * 60 * 60 * 1000;

/** Makes an authority that nobody trusts yet, as each vCenter has one. */
export function makeAuthority(name: string): Promise<Certificate> {
  return make(name, [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  ]);
}

/** Makes the certificate of a server or of a client. */
export function makeCertificate(request: CertificateRequest = {}): Promise<Certificate> {
  const { host } = request;
  const name =
    host === undefined ? { type: 7 as const, ip: '127.0.0.1' } : { type: 2 as const, value: host };
  return make(
    host ?? 'vcenter',
    [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true },
      { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
      { name: 'subjectAltName', altNames: [name] },
    ],
    request,
  );
}

type Extensions = NonNullable<NonNullable<Parameters<typeof generate>[1]>['extensions']>;

async function make(
  commonName: string,
  extensions: Extensions,
  { by, expired = false }: CertificateRequest = {},
): Promise<Certificate> {
  const now = Date.now();
  const { cert, private: key } = await generate([{ name: 'commonName', value: commonName }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(now - 2 * day),
    notAfterDate: new Date(expired ? now - day : now + day),
    extensions,
    ...(by && { ca: { key: by.key, cert: by.certificate } }),
  });
  return { certificate: cert, key, fingerprint: new X509Certificate(cert).fingerprint256 };
}
