/** CPU time of the server per `_entities` request, by the number of representations. */
import { Client } from 'undici';
import { subgraph } from '../scripts/server-process.ts';
import { startDouble, startProbed } from './processes.ts';
import { keyOf, listedToken, userSessionOf } from './sessions.ts';
import { median } from './statistics.ts';

/** Medians over some requests, each against a list of 3,000 sessions, with three fields a session. */
export interface EntitiesResult {
  readonly representations: number;
  readonly milliseconds: number;
}

const query = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on Session { userName loginTime ipAddress } }
}`;

/**
 * Measures 1, 10, 100 and 1,000 representations, in turns.
 *
 * @param rounds - requests of each that count.
 * @throws where a response is not the expected one.
 */
export async function measureEntities(rounds = 60): Promise<EntitiesResult[]> {
  await using double = await startDouble();
  await using server = await startProbed(subgraph, double.url);
  const client = new Client(server.url);
  const cases = [1, 10, 100, 1000].map((representations) => ({
    representations,
    request: requestOf(representations),
    measured: [] as number[],
  }));
  for (let round = -20; round < rounds; round++)
    for (const { request, measured } of cases) {
      const before = await server.cpuMicros();
      const response = await client.request({
        path: '/graphql',
        method: 'POST',
        headers: { 'content-type': 'application/json', 'vmware-api-session-id': 'token' },
        body: request.body,
      });
      const text = (await response.body.text()).trimEnd();
      const micros = (await server.cpuMicros()) - before;
      if (text !== request.expected)
        throw new Error(`expected another response, received ${text.slice(0, 500)}`);
      if (round >= 0) measured.push(micros / 1000);
    }
  await client.close();
  return cases.map(({ representations, measured }) => ({
    representations,
    milliseconds: median(measured),
  }));
}

function requestOf(count: number): { body: string; expected: string } {
  const tokens = Array.from({ length: count }, (_, index) => listedToken(index * 3));
  const representations = tokens.map((token) => ({
    __typename: 'Session',
    id: `default:${keyOf(token)}`,
  }));
  const entities = tokens.map((token) => {
    const { userName, loginTime, ipAddress } = userSessionOf(token);
    return { userName, loginTime, ipAddress };
  });
  return {
    body: JSON.stringify({ query, variables: { representations } }),
    expected: JSON.stringify({ data: { _entities: entities } }),
  };
}
