import { describe, expect, it } from 'vitest';
import {
  readRouterSecret,
  replaceTokens,
  tokenHeader,
  writeHeaders,
} from '../../src/graphiql/page/headers.ts';

const none = new Map<string, string>();
const old = new Map([['vmware-api-session-id', 'old']]);
const fresh = new Map([['vmware-api-session-id', 'fresh']]);

describe('the header editor', () => {
  it.each([
    ['{ "x-router-secret": "of-the-router" }', 'of-the-router'],
    ['{ // a comment\n "x-router-secret": "of-the-router", }', 'of-the-router'],
    ['{ "x-router-secret": 7 }', undefined],
    ['{ "x-router-secret": ', undefined],
    ['', undefined],
  ])("gives a login the router's secret of %j", (text, secret) => {
    expect(readRouterSecret(text)).toBe(secret);
  });

  it('has a hint without a token, and JSON with one', () => {
    expect(writeHeaders(none)).toMatch(
      /^\{\n {2}\/\/ Log in .*\n {2}\/\/ "vmware-api-session-id": "…"\n {2}\/\/ If .*\n {2}\/\/ "x-router-secret": "…"\n\}$/,
    );
    expect(JSON.parse(writeHeaders(new Map([...fresh, ['other', 'a "quoted" one']])))).toEqual({
      'vmware-api-session-id': 'fresh',
      other: 'a "quoted" one',
    });
  });

  it('names the header of each vCenter but the first by its id', () => {
    expect(['a', 'b'].map((id) => tokenHeader(['a', 'b'], id))).toEqual([
      'vmware-api-session-id',
      'vmware-api-session-id-b',
    ]);
  });

  it('is replaced where the user did not edit it', () => {
    expect(replaceTokens(writeHeaders(none), none, fresh)).toBe(writeHeaders(fresh));
    expect(replaceTokens(writeHeaders(fresh), fresh, none)).toBe(writeHeaders(none));
  });

  it.for([
    [
      'a comment',
      '{\n  // mine\n  "vmware-api-session-id": "old"\n}',
      '{\n  // mine\n  "vmware-api-session-id": "fresh"\n}',
    ],
    [
      'a header',
      '{"vmware-api-session-id": "old", "x": "y",}',
      '{"vmware-api-session-id": "fresh", "x": "y",}',
    ],
  ])('keeps %s of the user when the token changes', ([, text = '', expected]) => {
    expect(replaceTokens(text, old, fresh)).toBe(expected);
  });

  it('removes the token of an ended session, and not one that the user wrote in its place', () => {
    expect(
      JSON.parse(replaceTokens('{"x": "y", "vmware-api-session-id": "old"}', old, none)),
    ).toEqual({ x: 'y' });
    const own = '{"vmware-api-session-id": "own"}';
    expect(replaceTokens(own, old, none)).toBe(own);
  });

  it.for(['', 'no JSON', '[1]', '"text"', '{"x":'])(
    'is written anew where it is %j, which is no object',
    (text) => {
      expect(replaceTokens(text, old, fresh)).toBe(writeHeaders(fresh));
    },
  );
});
