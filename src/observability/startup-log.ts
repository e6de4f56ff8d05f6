import type { VCenterOptions } from '../vcenter/vcenter.ts';

/** Logs a line for each configured vCenter: where it is, its release and how its certificate is verified. */
export function logVCenters(
  log: { info(details: object, message: string): void },
  vcenters: readonly (VCenterOptions & { readonly caFile?: string })[],
): void {
  for (const vcenter of vcenters) {
    const { id, url, release, timeoutMs } = vcenter;
    log.info(
      { vcenter: id, host: url.host, release, trust: describeTrust(vcenter), timeoutMs },
      'vCenter configured',
    );
  }
}

function describeTrust({
  url,
  fingerprint,
  ca,
  caFile,
}: VCenterOptions & { readonly caFile?: string }): string {
  if (url.protocol === 'http:') return 'none: the URL is http';
  if (fingerprint !== undefined) return `the certificate of fingerprint ${fingerprint}`;
  if (caFile !== undefined) return `the authorities in ${caFile}`;
  return ca === undefined ? 'the authorities of the system' : 'the authorities in the CA file';
}
