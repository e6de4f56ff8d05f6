import { expect, test } from 'vitest';
import { startWithSimulator, token } from '../support/subgraph.ts';

const query = '{ currentSession { user loginTime } }';

function messagesIn(body: unknown): string[] {
  return Object(body).errors.map(({ message }: { message: string }) => message);
}

test('sends the language of the request to both APIs, and returns the translated message', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  vcenter.injectFault({ api: 'vapi', vapiError: 'SERVICE_UNAVAILABLE' });
  const german = { ...token('demo'), 'accept-language': 'de-DE, de;q=0.9, en;q=0.1' };
  const { body } = await subgraph.query(query, german);
  expect(messagesIn(body)).toEqual(['[de] Injected by the simulator: service_unavailable.']);
  expect(vcenter.calls.map(({ api, headers }) => [api, headers['accept-language']]).sort()).toEqual(
    [
      ['vapi', 'de-DE, de;q=0.9, en;q=0.1'],
      ['vim25', 'de-DE, de;q=0.9, en;q=0.1'],
    ],
  );
});

test('returns messages in the language of each of many concurrent requests', async () => {
  const { vcenter, subgraph } = await startWithSimulator({ notAuthenticated: { vim25: 'fault' } });
  const sentences = {
    de: ['Authentifizierung erforderlich.', 'Die Sitzung ist nicht authentifiziert.'],
    fr: ['Authentification requise.', "La session n'est pas authentifiée."],
    ja: ['認証が必要です。', 'セッションは認証されていません。'],
    en: ['Authentication required.', 'The session is not authenticated.'],
  };
  const languages = Array.from({ length: 5 }, () => Object.entries(sentences)).flat();
  await Promise.all(
    languages.map(async ([language, [vapi, vim25]]) => {
      // One token, so that only the language tells the requests apart.
      const headers = { ...token('unknown'), 'accept-language': language };
      const responses = [
        await subgraph.query('{ currentSession { user } }', headers),
        await subgraph.query('{ currentSession { loginTime } }', headers),
      ];
      expect(responses.flatMap(({ body }) => messagesIn(body))).toEqual([vapi, vim25]);
    }),
  );
  const called = new Set(
    vcenter.calls.map(({ api, headers }) => `${api} ${headers['accept-language']}`),
  );
  expect(called.size).toBe(2 * Object.keys(sentences).length);
});

test('sends no Accept-Language to the vCenter where the request has none', async () => {
  const { vcenter, subgraph } = await startWithSimulator();
  // The Fetch standard has a client send one of its own.
  await subgraph.query(query, { ...token('demo'), 'accept-language': '' });
  expect(vcenter.calls.map(({ headers }) => headers['accept-language'])).toEqual([
    undefined,
    undefined,
  ]);
});
