/** What is checked, in this order. */
export const stepNames = [
  'name resolution',
  'TCP',
  'TLS',
  'release',
  'vAPI',
  'vim25',
  'clock',
] as const;

export type StepName = (typeof stepNames)[number];

/** The result of one step. */
export interface StepResult {
  /** `skipped` where an earlier step failed that this one depends on. */
  readonly status: 'ok' | 'warning' | 'failed' | 'skipped';
  /** What was found. */
  readonly detail: string;
  /** What to do, where it is not `ok`. */
  readonly action?: string;
  /** Of the step `TLS`: the certificate that the vCenter presented. */
  readonly certificate?: PresentedCertificate;
}

/** A server's certificate. */
export interface PresentedCertificate {
  readonly subject: string;
  readonly issuer: string;
  /** RFC 3339. */
  readonly expires: string;
  /** SHA-256, as the setting `fingerprint` expects it. */
  readonly fingerprint: string;
}

/** The results of one vCenter. */
export interface VCenterReport {
  /** The vCenter's id in the settings. */
  readonly id: string;
  readonly url: string;
  /** Whether no step failed. */
  readonly ok: boolean;
  readonly steps: readonly ({ readonly step: StepName } & StepResult)[];
}

export function ok(detail: string): StepResult {
  return { status: 'ok', detail };
}

export function warning(detail: string, action: string): StepResult {
  return { status: 'warning', detail, action };
}

export function failed(detail: string, action: string): StepResult {
  return { status: 'failed', detail, action };
}

/** The message of what was thrown, with those of a name's several addresses. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '')
    return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
