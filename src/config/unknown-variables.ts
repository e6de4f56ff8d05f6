import { variables } from './environment.ts';
import { probablyMeant } from './probably-meant.ts';

/** A variable whose name is like a setting's and that is none. */
export interface UnknownVariable {
  readonly variable: string;
  /** The setting that was probably meant, where one is close. */
  readonly probably?: string;
}

/** Kubernetes sets variables of these names for a service that is called vcenter. */
const serviceLink = /^VCENTER_(?:SERVICE|PORT)(?:_|$)/;

/** Finds variables that were probably meant to be settings: those close to one's name, and all of `VCENTER_*`. */
export function findUnknownVariables(
  environment: Readonly<Record<string, string | undefined>>,
): UnknownVariable[] {
  return Object.keys(environment).flatMap((variable) => {
    if (!environment[variable] || variables.includes(variable) || serviceLink.test(variable))
      return [];
    const name = variable.toUpperCase();
    const probably = probablyMeant(name, variables, maxDistance(name));
    if (probably !== undefined) return [{ variable, probably }];
    return name.startsWith('VCENTER_') ? [{ variable }] : [];
  });
}

/** Short names are close to variables of other programs: `HOME` differs from `HOST` by two letters. */
function maxDistance({ length }: string): number {
  if (length < 10) return 1;
  return length < 16 ? 2 : 3;
}
