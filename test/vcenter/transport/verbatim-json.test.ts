import { expect, test } from 'vitest';
import { parseVerbatim } from '../../../src/vcenter/transport/verbatim-json.ts';
import fc from '../../support/property.ts';

/** Numbers as they may be written: those that a double keeps, and those that it does not. */
const number = fc.oneof(
  fc.constantFrom(
    '0',
    '-0',
    '1.0',
    '1.50',
    '1e400',
    '-1E+2',
    '0.0000001',
    '0.000001',
    '1e21',
    '-7',
  ),
  fc.constantFrom(
    '123456789012345',
    '1234567890123456',
    '9007199254740993',
    '0.1',
    '12.000000000000001',
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.bigInt().map(String),
);
const string = fc
  .oneof(
    fc.string(),
    fc.constantFrom('"', '\\', '\\"', ': 1.0,', '",1.0,"', '[{', '}]', '\u007f'),
    fc.string({ unit: fc.constantFrom('\\', '"', '1', '.', '0', ':') }),
  )
  .map((text) => JSON.stringify(text));
const space = fc.constantFrom('', ' ', '\n\t');

/** A text of JSON. */
const json = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    number,
    string,
    fc.constantFrom('true', 'null'),
    fc.tuple(fc.array(tie('value')), space).map(([items, s]) => `[${items.join(`${s},`)}${s}]`),
    fc
      .tuple(
        // With a name twice, a reviver is not given the number as it was written.
        fc.uniqueArray(fc.tuple(fc.oneof(string, fc.constant('"__proto__"')), tie('value')), {
          selector: ([name]) => name,
        }),
        space,
      )
      .map(([members, s]) => `{${members.map(([k, v]) => `${s}${k}${s}:${s}${v}`).join(',')}}`),
  ),
})).value;

/** `JSON.parse` with a reviver that is given each number as it was written. */
const parse = JSON.parse as (
  text: string,
  reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
) => unknown;

/** What is slow, and right. */
function reviveNumbers(text: string): unknown {
  return parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined ? JSON.rawJSON(source) : value,
  );
}

test('keeps each number of a JSON text as it was written, and everything else', () => {
  fc.assert(
    fc.property(json, (text) => {
      expect(JSON.stringify(parseVerbatim(text))).toBe(JSON.stringify(reviveNumbers(text)));
    }),
  );
});

function isParsed(parse: (text: string) => unknown, text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

test('refuses what JSON.parse refuses', () => {
  const broken = fc
    .tuple(json, fc.nat(), fc.constantFrom('', '"', ':', '1.0', '0', '-', '.', 'e', '[', '}', '\\'))
    .map(([text, place, inserted]) => {
      const at = place % (text.length + 1);
      return text.slice(0, at) + inserted + text.slice(at + (place % 2));
    });
  fc.assert(
    fc.property(broken, (text) => {
      expect(isParsed(parseVerbatim, text)).toBe(isParsed(JSON.parse, text));
    }),
    { numRuns: 1000 },
  );
});

test('refuses a number in the place of a name', () => {
  expect(() => parseVerbatim('{"a":1.0,1.0 :2}')).toThrow(SyntaxError);
});

test('does not end a string at an escaped quote before deep nesting', () => {
  const deep = `{"a":"\\"","b":${'['.repeat(2000)}1.0${']'.repeat(2000)},"c":"\\"]]]","d":1.0}`;
  const { a, b, c, d } = Object(parseVerbatim(deep));
  expect([a, c]).toEqual(['"', '"]]]']);
  expect(JSON.stringify(b)).toBe(`${'['.repeat(999)}null${']'.repeat(999)}`);
  expect(JSON.stringify(d)).toBe('1.0');
});

test('keeps numbers as written in a text of 64 KiB, and not in a longer one', () => {
  const textOf = (length: number) => `[1.0,"${'a'.repeat(length - 8)}"]`;
  expect(JSON.stringify(parseVerbatim(textOf(64 * 1024)))).toMatch(/^\[1\.0,/);
  expect(JSON.stringify(parseVerbatim(textOf(64 * 1024 + 1)))).toMatch(/^\[1,/);
});
