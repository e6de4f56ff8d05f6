/** A model of what queries return and which calls they cause: what shared, cancelled and failing calls must look like. */
import type { Api } from '../../../src/errors/extensions.ts';
import fc from '../../support/property.ts';

/** The configured vCenters of a mix. */
export const vcenterIds = ['a', 'b'] as const;

/** The tokens of a mix. The last one has no session on either vCenter. */
export const tokens = ['token-0', 'token-1', 'token-2', 'token-x'] as const;

const apis = ['vapi', 'vim25'] as const;
const failures = ['FORBIDDEN', 'SERVICE_UNAVAILABLE', 'TRUNCATED'] as const;

type VCenterId = (typeof vcenterIds)[number];

/** How an API fails for one token on one vCenter. */
export type Failure = (typeof failures)[number];

/** One client's query. */
export interface MixedQuery {
  readonly vcenter: VCenterId;
  readonly token: (typeof tokens)[number];
  readonly language: 'de' | 'en';
  readonly selects: readonly Api[];
  /** Whether its client disconnects while the calls are in flight. */
  readonly leaves: boolean;
}

/** What happens at once, what comes after some clients have left, and which calls fail. */
export interface Mix {
  readonly first: readonly MixedQuery[];
  /** No client of these leaves. */
  readonly later: readonly MixedQuery[];
  readonly failing: readonly {
    readonly vcenter: VCenterId;
    readonly api: Api;
    readonly token: string;
    readonly failure: Failure;
  }[];
}

const place = { vcenter: fc.constantFrom(...vcenterIds), token: fc.constantFrom(...tokens) };

function mixedQuery(leaves: fc.Arbitrary<boolean>): fc.Arbitrary<MixedQuery> {
  return fc.record({
    ...place,
    language: fc.constantFrom('de', 'en'),
    selects: fc.constantFrom<readonly Api[]>(['vapi'], ['vim25'], apis),
    leaves,
  });
}

/** Any mix. */
export const mixes: fc.Arbitrary<Mix> = fc.record({
  first: fc.array(mixedQuery(fc.boolean()), { minLength: 1, maxLength: 24 }),
  later: fc.array(mixedQuery(fc.constant(false)), { maxLength: 12 }),
  failing: fc.uniqueArray(
    fc.record({ ...place, api: fc.constantFrom(...apis), failure: fc.constantFrom(...failures) }),
    { maxLength: 6, selector: ({ vcenter, token, api }) => `${vcenter} ${token} ${api}` },
  ),
});

/** The calls that a query needs: `<vCenter> <api> <token> <language>`. */
export function callsOf({ vcenter, token, language, selects }: MixedQuery): string[] {
  return selects.map((api) => `${vcenter} ${api} ${token} ${language}`);
}

/** What a query returns, without the texts of its errors. */
export interface Outcome {
  readonly session: Readonly<Record<string, string | null>> | null;
  readonly errors: readonly {
    readonly path: readonly string[];
    readonly code: string;
    readonly api: Api;
  }[];
}

const fields = { vapi: 'user', vim25: 'key' } as const;

/** The value of an API's field in the session of a token: no two tokens, vCenters or APIs have the same. */
export function fieldValue(api: Api, vcenter: string, token: string): string {
  return api === 'vapi' ? `${token}-${vcenter}@vsphere.local` : `52-${token}-${vcenter}`;
}

/** What a query whose client waits must return. */
export function outcomeOf({ vcenter, token, selects }: MixedQuery, { failing }: Mix): Outcome {
  const codeOf = (api: Api) => {
    const found = failing.find(
      (each) => each.vcenter === vcenter && each.token === token && each.api === api,
    );
    if (found) return found.failure === 'TRUNCATED' ? 'SERVICE_UNAVAILABLE' : found.failure;
    return token === 'token-x' ? 'UNAUTHENTICATED' : undefined;
  };
  const results = selects.map((api) => ({ api, code: codeOf(api) }));
  if (results.some(({ code }) => code === undefined))
    return {
      session: Object.fromEntries(
        results.map(({ api, code }) => [
          fields[api],
          code ? null : fieldValue(api, vcenter, token),
        ]),
      ),
      errors: results.flatMap(({ api, code }) =>
        code ? [{ path: ['currentSession', fields[api]], code, api }] : [],
      ),
    };
  const error = results.find(({ code }) => code !== 'UNAUTHENTICATED') ?? results[0];
  if (!error?.code) throw new Error('a query selects at least one API');
  return {
    session: null,
    errors: [{ path: ['currentSession'], code: error.code, api: error.api }],
  };
}

/** The document of a query. */
export function documentOf({ vcenter, selects }: MixedQuery): string {
  const selected = selects.map((api) => fields[api]).join(' ');
  return `{ currentSession(vcenter: "${vcenter}") { ${selected} } }`;
}
