import { expect, test } from 'vitest';
import { int64Digits, parseJson } from '../../../src/vcenter/transport/json.ts';
import fc from '../../support/property.ts';

test.each([
  ['9223372036854775807', '9223372036854775807'],
  ['-9223372036854775808', '-9223372036854775808'],
  ['9007199254740993', '9007199254740993'],
  ['7', '7'],
  ['1.5', undefined],
  ['12345678901234567890', undefined],
  ['1e21', undefined],
  ['"9223372036854775807"', undefined],
  ['null', undefined],
])('reads callCount %s as %s', (written, digits) => {
  for (const space of ['', ' ', '\n  '])
    for (const rest of [`${space},"key":"k"}`, `${space}}`]) {
      const parsed = parseJson(`{"callCount"${space}:${space}${written}${rest}`);
      expect(int64Digits(Object(parsed).callCount)).toBe(digits);
    }
});

test('parsing JSON changes no string', () => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom('"callCount":9223372036854775807,', '\\"callCount":9223372036854775807}', '\\'),
  );
  fc.assert(
    fc.property(fc.array(text), fc.dictionary(text, text), (strings, members) => {
      const json = JSON.stringify({ strings, members });
      expect(parseJson(json)).toEqual(JSON.parse(json));
    }),
  );
});

test.each(['0123456789012345678', '-0123456789012345678', '1234567890123456789.'])(
  'refuses callCount %s, which is no JSON',
  (written) => {
    expect(() => parseJson(`{"callCount":${written}}`)).toThrow(SyntaxError);
  },
);
