import fc from 'fast-check';
import { expect, test } from 'vitest';
import { int64Digits, parseJson, parseVerbatim } from '../../../src/vcenter/transport/json.ts';

test.each([
  ['9223372036854775807', '9223372036854775807'],
  ['-9223372036854775808', '-9223372036854775808'],
  ['9007199254740993', '9007199254740993'],
  ['7', '7'],
  ['1.5', undefined],
  ['"9223372036854775807"', undefined],
  ['null', undefined],
])('reads callCount %s as %s', (written, digits) => {
  const parsed = parseJson(`{"callCount" : ${written} ,"key":"k"}`);
  expect(int64Digits(Object(parsed).callCount)).toBe(digits);
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

test('parsing JSON does not end a string at an escaped quote before deep nesting', () => {
  const deep = `{"a":"\\"","b":${'['.repeat(2000)}${']'.repeat(2000)},"c":"\\"]]]"}`;
  const { a, b, c } = Object(parseVerbatim(deep));
  expect([a, c]).toEqual(['"', '"]]]']);
  expect(JSON.stringify(b)).toBe(`${'['.repeat(999)}null${']'.repeat(999)}`);
});
