import { readFileSync } from 'node:fs';
import { print } from 'graphql';
import { describe, expect, it } from 'vitest';
import { composers } from '../../scripts/composers.ts';
import { parseSchemaRename } from '../../src/config/schema-rename.ts';
import { readTypeDefs } from '../../src/graphql/subgraph.ts';
import { postQuery } from '../support/subgraph.ts';
import { gateways, startCompany } from './company.ts';

const rename = parseSchemaRename(
  'Session=VCenterSession,Query.currentSession=currentVCenterSession',
);
const intranet = {
  name: 'intranet',
  sdl: readFileSync(
    new URL('../../examples/supergraph/intranet/intranet.graphql', import.meta.url),
    'utf8',
  ),
};

describe.each(composers)('a company with its own Session, in $name', ({ compose }) => {
  it('composes with the renamed subgraph, without an error or a hint', () => {
    const sdl = print(readTypeDefs(rename));
    expect(compose([{ name: 'vcenter-session', sdl }, intranet])).toEqual([]);
  });

  it('merges an unrelated Session with no field in common, without a warning', () => {
    const unrelated = {
      name: 'intranet',
      sdl: `extend schema
          @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key"])
        type Query { me: Session }
        type Session @key(fields: "id") { id: ID! badge: String }`,
    };
    const sdl = print(readTypeDefs());
    expect(compose([{ name: 'vcenter-session', sdl }, unrelated])).toEqual([]);
  });

  it('does not compose with the subgraph in its own names', () => {
    const sdl = print(readTypeDefs());
    const findings = compose([{ name: 'vcenter-session', sdl }, intranet]);
    expect(findings.filter(({ level }) => level === 'error')).not.toEqual([]);
  });
});

it.each(gateways)(
  'a crossing query of both sessions resolves behind the %s gateway',
  async (gateway) => {
    await using company = await startCompany(gateway, '--intranet');
    const query = `{
      currentSession { __typename user { __typename name } vcenterSession { __typename user loginTime } }
      currentVCenterSession { __typename id user }
    }`;
    const { status, body } = await postQuery(company.url, query, {
      'vmware-api-session-id': 'demo',
    });
    expect(status).toBe(200);
    const ours = { __typename: 'VCenterSession', user: 'Administrator@berlin.local' };
    expect(body).toEqual({
      data: {
        currentSession: {
          __typename: 'Session',
          user: { __typename: 'User', name: 'Ada Berger' },
          vcenterSession: { ...ours, loginTime: '2026-11-22T08:00:00.000001Z' },
        },
        currentVCenterSession: { ...ours, id: 'berlin:administrator' },
      },
    });
  },
  60_000,
);
