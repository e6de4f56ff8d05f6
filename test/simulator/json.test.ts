import { describe, expect, it } from 'vitest';
import { writeJson } from '../../src/simulator/http/json.ts';

describe('writeJson', () => {
  it('writes what JSON.stringify writes, where that can write it', () => {
    const value = { a: [1, -0.5, 1e21, true, null, 'é"\\\u2028\ud800'], '"': {}, b: [] };
    expect(writeJson(value)).toBe(JSON.stringify(value));
  });

  it('writes a bigint digit for digit and leaves undefined members out', () => {
    expect(writeJson({ a: -(2n ** 63n), b: undefined })).toBe('{"a":-9223372036854775808}');
  });
});
