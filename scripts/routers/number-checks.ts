import assert from 'node:assert/strict';
import type { Check } from './check.ts';
import { postQuery } from './query.ts';

const token = { 'vmware-api-session-id': 'demo' };

/** `callCount` as vCenter returns it, and as it is in the response: text beyond what a double holds. */
const callCounts = [
  [9007199254740991n, '9007199254740991'],
  [9223372036854775807n, '"9223372036854775807"'],
] as const;

const manyDigits = 123456789012345678901234567890n;

/** Checks of numbers that a double can't hold. They compare text, since `JSON.parse` rounds numbers. */
export const numberChecks: readonly Check[] = [
  {
    name: '`callCount` is exact',
    async run({ company: { berlin }, url }) {
      for (const [callCount, written] of callCounts) {
        berlin.clearFaults();
        berlin.injectFault({ operation: 'currentSession', properties: { callCount } });
        const { text } = await postQuery(url, '{ currentSession { callCount } }', token);
        assert.equal(text, `{"data":{"currentSession":{"callCount":${written}}}}`);
      }
      return undefined;
    },
  },
  {
    name: `the number ${manyDigits} in \`vcenter.error.data\``,
    async run({ company: { berlin }, router, url }) {
      const data = { free: manyDigits };
      berlin.injectFault({ api: 'vapi', vapiError: { errorType: 'RESOURCE_BUSY', data } });
      const { text } = await postQuery(url, '{ currentSession { user } }', token);
      const expected = router.roundedNumber ?? String(manyDigits);
      assert.equal(/"free":([^,}]+)/.exec(text)?.[1], expected, text);
      return router.roundedNumber === undefined ? 'exact' : `becomes ${expected}`;
    },
  },
];
