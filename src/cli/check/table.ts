import { type StepResult, stepNames, type VCenterReport } from './report.ts';

const stepWidth = Math.max(...stepNames.map((name) => name.length));
const statusWidth = 'skipped'.length;

/** The reports as text: a block for each vCenter with its worst status, a line for each step, and what to do below it. */
export function formatReports(reports: readonly VCenterReport[]): string {
  return reports
    .map(({ id, url, steps }) => {
      const lines = steps.flatMap(({ step, status, detail, action }) => {
        const line = `  ${step.padEnd(stepWidth)}  ${status.padEnd(statusWidth)}  ${detail}`;
        return action === undefined ? [line] : [line, `${' '.repeat(stepWidth + 4)}-> ${action}`];
      });
      return [`${id}  ${url}  ${worstOf(steps)}`, ...lines, ''].join('\n');
    })
    .join('\n');
}

function worstOf(steps: VCenterReport['steps']): StepResult['status'] {
  const statuses = steps.map(({ status }) => status);
  return (['failed', 'warning'] as const).find((status) => statuses.includes(status)) ?? 'ok';
}
