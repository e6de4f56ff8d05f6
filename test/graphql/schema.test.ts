import { type GraphQLField, isObjectType, printType } from 'graphql';
import { describe, expect, test } from 'vitest';
import { createSubgraph } from '../../src/graphql/subgraph.ts';
import { startSubgraph } from '../support/subgraph.ts';

const schema = createSubgraph();

/** The fields of a type of ours, without what Federation adds. */
function fieldsOf(name: string): GraphQLField<unknown, unknown>[] {
  const type = schema.getType(name);
  const fields = isObjectType(type) ? Object.values(type.getFields()) : [];
  return fields.filter((field) => !field.name.startsWith('_'));
}

test('the schema has the fields and types of the contract', () => {
  const signatures = ['Query', 'Session', 'VCenter'].map((name) => [
    name,
    fieldsOf(name).map(({ name: field, args, type }) => {
      const list = args.map((argument) => `${argument.name}: ${argument.type}`).join(', ');
      return `${field}${list && `(${list})`}: ${type}`;
    }),
  ]);
  expect(Object.fromEntries(signatures)).toEqual({
    Query: [
      'currentSession(vcenter: ID): Session',
      'vcenter(id: ID!): VCenter',
      'vcenters: [VCenter!]!',
      'session(id: ID!): Session',
    ],
    Session: [
      'id: ID!',
      'vcenter: VCenter!',
      'user: String',
      'createdTime: DateTime',
      'lastAccessedTime: DateTime',
      'key: String',
      'userName: String',
      'fullName: String',
      'loginTime: DateTime',
      'lastActiveTime: DateTime',
      'locale: String',
      'messageLocale: String',
      'extensionSession: Boolean',
      'ipAddress: String',
      'userAgent: String',
      'callCount: BigInt',
    ],
    VCenter: ['id: ID!', 'currentSession: Session', 'sessions: [Session!]'],
  });
});

describe('describes every type, field and argument', () => {
  test.each(['BigInt', 'DateTime', 'Query', 'Session', 'VCenter'])('%s', (name) => {
    expect(schema.getType(name)?.description).toBeTruthy();
    for (const field of fieldsOf(name)) {
      expect(field.description, `${name}.${field.name}`).toBeTruthy();
      for (const { name: argument, description } of field.args)
        expect(description, `${name}.${field.name}(${argument})`).toBeTruthy();
    }
  });

  test('names the API and property of each field of a session', () => {
    for (const { name, description } of fieldsOf('Session'))
      if (name !== 'vcenter') expect(description).toMatch(/From\s+(vim25|vAPI)\s+\(`[\w.]+`\)/);
  });
});

test('Session and VCenter are entities that other subgraphs can reference', () => {
  const entity = schema.getType('_Entity');
  expect(entity && printType(entity)).toBe('union _Entity = Session | VCenter');
});

test('_service returns the SDL with its link to Federation 2 and its keys', async () => {
  const subgraph = await startSubgraph({ VCENTER_URL: 'https://vcenter.example.com' });
  const { body } = await subgraph.query('{ _service { sdl } }');
  const { sdl } = (body as { data: { _service: { sdl: string } } }).data._service;
  expect(sdl).toMatch(/@link\(url: "https:\/\/specs\.apollo\.dev\/federation\/v2\.\d"/);
  expect(sdl).toMatch(/type Session\s+@key\(fields: "id"\)/);
  expect(sdl).toMatch(/type VCenter\s+@key\(fields: "id"\)/);
  expect(sdl).toContain('callCount: BigInt');
});
