import { expect, test } from 'vitest';
import { sanitizeUpstreamError } from '../../../src/vcenter/transport/redact.ts';

const secret = '9876543210987654';

test('replaces a secret in texts, names and numbers, and nothing else', () => {
  const error = {
    text: `a ${secret} and a ${secret}`,
    [`of ${secret}`]: [null, true, false, 7, 1.5, Number(secret), JSON.rawJSON(`${secret}.50`)],
    raw: JSON.rawJSON('1.50'),
    none: {},
  };
  expect(JSON.stringify(sanitizeUpstreamError(error, [secret]))).toBe(
    '{"text":"a [token] and a [token]","of [token]":[null,true,false,7,1.5,"[token]","[token]"],"raw":1.50,"none":{}}',
  );
});

test.each([
  ['a secret of 16 characters also within words and in names', 'x'.repeat(16), '[token]'],
  ['a shorter one only as a whole word, and not in names', 'x'.repeat(15), undefined],
])('replaces %s', (_, value, shown = value) => {
  const error = { [value]: [value, `a${value}`, `${value}9`, `-${value}-`] };
  expect(sanitizeUpstreamError(error, [value])).toEqual({
    [shown]: ['[token]', `a${shown}`, `${shown}9`, '-[token]-'],
  });
});

test('replaces each of several secrets, by their characters', () => {
  const secrets = ['cGFzcyt3b3JkLmEuYi5jLmQ=', 'pass+word.a.b.c.d', '"\\'];
  expect(sanitizeUpstreamError(secrets, secrets)).toEqual(Array(3).fill('[token]'));
  expect(sanitizeUpstreamError(['passsword.a.b.c.d'], secrets)).toEqual(['passsword.a.b.c.d']);
});

test('returns an error without the secret unchanged', () => {
  const error = { message: 'It failed.' };
  expect(sanitizeUpstreamError(error, [secret])).toBe(error);
});

test('returns undefined for an error of more than 64 Ki characters', () => {
  const errorOf = (length: number) => ({ a: 'x'.repeat(length - '{"a":""}'.length) });
  expect(sanitizeUpstreamError(errorOf(64 * 1024), [])).toEqual(errorOf(64 * 1024));
  expect(sanitizeUpstreamError(errorOf(64 * 1024 + 1), [])).toBeUndefined();
});
