import { expect, test } from 'vitest';
import { makeAuthority, makeCertificate } from '../support/certificates.ts';
import { temporaryFile } from '../support/files.ts';
import { runCommand } from '../support/process.ts';
import { callsTo, startVCenter } from '../support/subgraph.ts';
import { startTlsFront } from '../support/tls-front.ts';

interface Report {
  readonly ok: boolean;
  readonly vcenters: readonly {
    readonly id: string;
    readonly ok: boolean;
    readonly steps: readonly Step[];
  }[];
}

interface Step {
  readonly step: string;
  readonly status: string;
  readonly detail: string;
  readonly action?: string;
  readonly certificate?: { readonly fingerprint: string };
}

/** Runs `check --json`. */
async function check(
  environment: Record<string, string>,
  { args = [], stdin }: { args?: readonly string[]; stdin?: string } = {},
) {
  const { exitCode, stdout, stderr } = await runCommand(['check', '--json', ...args], {
    environment,
    ...(stdin !== undefined && { stdin }),
  });
  expect(stderr).toBe('');
  const report = JSON.parse(stdout) as Report;
  const steps = report.vcenters[0]?.steps ?? [];
  return {
    exitCode,
    report,
    statuses: Object.fromEntries(steps.map(({ step, status }) => [step, status])),
    step: (name: string) => steps.find(({ step }) => step === name),
    output: stdout,
  };
}

const allOk = {
  'name resolution': 'ok',
  TCP: 'ok',
  TLS: 'ok',
  release: 'ok',
  vAPI: 'ok',
  vim25: 'ok',
  clock: 'ok',
};

test('passes a vCenter over TLS, and shows the issuer, the expiry and the fingerprint', async () => {
  const authority = await makeAuthority('Company CA');
  const certificate = await makeCertificate({ by: authority });
  const vcenter = await startVCenter();
  const { url } = await startTlsFront(vcenter.url, certificate);
  const { exitCode, statuses, step } = await check({
    VCENTER_URL: url,
    VCENTER_CA_FILE: temporaryFile('ca.pem', authority.certificate),
  });
  // The test's certificate is for a day: that is a warning, and no failure.
  expect({ exitCode, statuses }).toEqual({ exitCode: 0, statuses: { ...allOk, TLS: 'warning' } });
  expect(step('TLS')).toMatchObject({
    certificate: {
      subject: 'CN=vcenter',
      issuer: 'CN=Company CA',
      expires: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      fingerprint: certificate.fingerprint,
    },
  });
  expect(callsTo(vcenter)).toEqual(['vapi getSession', 'vapi hello', 'vim25 currentSession']);
});

test('names the fingerprint to pin where the certificate is not trusted, and sends nothing', async () => {
  const certificate = await makeCertificate();
  const vcenter = await startVCenter();
  const front = await startTlsFront(vcenter.url, certificate);
  const untrusted = await check({ VCENTER_URL: front.url });
  expect(untrusted.exitCode).toBe(1);
  expect(untrusted.statuses).toEqual({
    'name resolution': 'ok',
    TCP: 'ok',
    TLS: 'failed',
    release: 'skipped',
    vAPI: 'skipped',
    vim25: 'skipped',
    clock: 'skipped',
  });
  expect(untrusted.step('TLS')?.action).toContain(certificate.fingerprint);
  expect(front.received).toBe('');

  const pinned = await check({
    VCENTER_URL: front.url,
    VCENTER_FINGERPRINT: untrusted.step('TLS')?.certificate?.fingerprint ?? '',
  });
  expect(pinned.exitCode).toBe(0);
});

test('reports a certificate that is not the pinned one', async () => {
  const front = await startTlsFront((await startVCenter()).url, await makeCertificate());
  const { exitCode, step } = await check({
    VCENTER_URL: front.url,
    VCENTER_FINGERPRINT: (await makeCertificate()).fingerprint,
  });
  expect([exitCode, step('TLS')?.status]).toEqual([1, 'failed']);
  expect(step('TLS')?.action).toContain('If the certificate was renewed');
});

test.each([
  ['a name that does not resolve', 'https://vcenter.invalid', 'name resolution'],
  ['a port where nothing listens', 'https://127.0.0.1:1', 'TCP'],
])('fails for %s', async (_, url, failing) => {
  const { exitCode, step, statuses } = await check({ VCENTER_URL: url });
  expect([exitCode, step(failing)?.status]).toEqual([1, 'failed']);
  expect(step(failing)?.action).toMatch(/^Check /);
  expect(statuses['vAPI']).toBe('skipped');
});

test('fails for a server without TLS', async () => {
  const vcenter = await startVCenter();
  const { exitCode, step } = await check({ VCENTER_URL: vcenter.url.replace('http:', 'https:') });
  expect([exitCode, step('TLS')?.status]).toEqual([1, 'failed']);
});

test('fails for one API that fails, and passes the other', async () => {
  const vcenter = await startVCenter();
  vcenter.injectFault({ api: 'vapi', operation: 'getSession', vapiError: 'SERVICE_UNAVAILABLE' });
  const { exitCode, statuses } = await check({ VCENTER_URL: vcenter.url });
  expect({ exitCode, statuses }).toEqual({
    exitCode: 1,
    statuses: { ...allOk, TLS: 'warning', vAPI: 'failed' },
  });
});

test.each([
  ['8.0.3.0', ['8.0.1.0'], 'failed'],
  ['8.0.1.0', ['8.0.1.0'], 'ok'],
  ['auto', ['8.0.1.0'], 'ok'],
  ['auto', ['8.0.1.0', '8.0.2.0'], 'ok'],
  ['8.0.3.0', ['8.0.1.0', '8.0.2.0'], 'failed'],
])('checks release %s of a vCenter with %j: %s', async (release, releases, status) => {
  const vcenter = await startVCenter({ releases });
  const { step } = await check({ VCENTER_URL: vcenter.url, VCENTER_RELEASE: release });
  expect(step('release')?.status).toBe(status);
});

test('tries both APIs with a token from stdin, and does not print it', async () => {
  const vcenter = await startVCenter();
  const args = ['--token-stdin'];
  const right = await check({ VCENTER_URL: vcenter.url }, { args, stdin: 'demo\n' });
  expect(right.exitCode).toBe(0);
  expect(right.step('vAPI')?.detail).toBe('session of Administrator@vsphere.local');
  expect(right.step('vim25')?.detail).toBe('session of VSPHERE.LOCAL\\Administrator');

  const wrong = await check({ VCENTER_URL: vcenter.url }, { args, stdin: 'expired-token' });
  expect(wrong.exitCode).toBe(1);
  expect(wrong.statuses).toMatchObject({ vAPI: 'failed', vim25: 'failed' });
  expect(wrong.output).not.toContain('expired-token');
});

test('checks every vCenter, and sends a token to the one that it is for only', async () => {
  const [berlin, tokyo] = [await startVCenter(), await startVCenter()];
  const vcenters = [
    { id: 'berlin', url: berlin.url },
    { id: 'tokyo', url: tokyo.url },
  ];
  const environment = { CONFIG_FILE: temporaryFile('v.yaml', JSON.stringify({ vcenters })) };
  const { report } = await check(environment);
  expect(report.vcenters.map(({ id, ok }) => [id, ok])).toEqual([
    ['berlin', true],
    ['tokyo', true],
  ]);

  const refused = await runCommand(['check', '--token-stdin'], { environment, stdin: 'demo' });
  expect([refused.exitCode, refused.stderr]).toEqual([
    2,
    'error: --token-stdin requires --vcenter with one of berlin, tokyo.\n',
  ]);
  berlin.clearCalls();
  const args = ['--token-stdin', '--vcenter', 'tokyo'];
  const one = await check(environment, { args, stdin: 'demo' });
  expect([one.exitCode, one.report.vcenters.length, berlin.calls.length]).toEqual([0, 1, 0]);
});

test('exits with 1 where no vCenter is configured, and with 2 for an unknown option', async () => {
  expect(await runCommand(['check'])).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: 'VCENTER_URL is required: expected the URL of a vCenter, or CONFIG_FILE\n',
  });
  expect(await runCommand(['check', '--tokn'])).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: "error: unknown option '--tokn'\n",
  });
});

test('prints the steps as a table', async () => {
  const vcenter = await startVCenter();
  const { exitCode, stdout } = await runCommand(['check'], {
    environment: { VCENTER_URL: vcenter.url },
  });
  expect(exitCode).toBe(0);
  expect(stdout).toContain(`default  ${vcenter.url}/  warning\n  name resolution  ok `);
  expect(stdout).toMatch(/^ {2}clock {12}ok {7}within 5 s$/m);
});
