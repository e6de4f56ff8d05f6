import type { VCenterOptions } from '../../vcenter/vcenter.ts';
import { checkClock, checkRelease, checkVapi, checkVim25 } from './apis.ts';
import { checkTls } from './certificate.ts';
import { type CheckClient, createCheckClient } from './client.ts';
import { checkName, checkTcp } from './network.ts';
import {
  failed,
  reasonOf,
  type StepName,
  type StepResult,
  stepNames,
  type VCenterReport,
} from './report.ts';

/**
 * Checks one vCenter, step by step.
 *
 * @param token - tries both APIs with it. Default: none, both must respond "not authenticated".
 */
export async function checkVCenter(
  vcenter: VCenterOptions,
  token?: string,
): Promise<VCenterReport> {
  const results = new Map<StepName, StepResult>();
  const connection = { 'name resolution': checkName, TCP: checkTcp, TLS: checkTls };
  let isConnected = true;
  for (const [step, check] of Object.entries(connection)) {
    const result = await check(vcenter);
    results.set(step as keyof typeof connection, result);
    isConnected = result.status !== 'failed';
    if (!isConnected) break;
  }
  if (isConnected) await checkApis(vcenter, token, results);
  const steps = stepNames.map((step) => ({ step, ...withoutValues(results.get(step)) }));
  return {
    id: vcenter.id,
    url: vcenter.url.href,
    ok: steps.every(({ status }) => status === 'ok' || status === 'warning'),
    steps,
  };
}

async function checkApis(
  vcenter: VCenterOptions,
  token: string | undefined,
  results: Map<StepName, StepResult>,
): Promise<void> {
  await using client: CheckClient = createCheckClient(vcenter);
  const run = async <Result extends StepResult>(step: StepName, check: () => Promise<Result>) => {
    try {
      const result = await check();
      results.set(step, result);
      return result;
    } catch (error) {
      results.set(step, failed(reasonOf(error), 'Check what is between here and the vCenter.'));
      return undefined;
    }
  };
  const release = await run('release', () => checkRelease(client, vcenter));
  const vapi = await run('vAPI', () => checkVapi(client, token));
  const version = release?.release ?? vcenter.release;
  await run('vim25', () => checkVim25(client, vcenter, version, token));
  if (vapi) results.set('clock', checkClock(vapi.response));
}

function withoutValues(result: StepResult | undefined): StepResult {
  if (!result) return { status: 'skipped', detail: 'an earlier step failed' };
  const { status, detail, action, certificate } = result;
  return {
    status,
    detail,
    ...(action !== undefined && { action }),
    ...(certificate && { certificate }),
  };
}
