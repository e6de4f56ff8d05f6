import { type ApolloServer, type BaseContext, HeaderMap } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Makes what has Apollo Server answer a `POST`, as its documentation says of integrations.
 *
 * @param contextOf - makes the context of one request.
 */
export function graphqlHandler<Context extends BaseContext>(
  apollo: ApolloServer<Context>,
  contextOf: (request: FastifyRequest) => Context,
): (request: FastifyRequest, reply: FastifyReply) => Promise<string> {
  return async (request, reply) => {
    const {
      status = 200,
      headers,
      body,
    } = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: request.method,
        headers: headersOf(request),
        body: request.body,
        search: '',
      },
      context: async () => contextOf(request),
    });
    // Only @defer and @stream, which the schema does not have, would be answered in chunks.
    if (body.kind !== 'complete') throw new Error('an answer in chunks was not asked for');
    for (const [name, value] of headers) reply.header(name, value);
    reply.code(status);
    return body.string;
  };
}

function headersOf({ headers }: FastifyRequest): HeaderMap {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers))
    if (value) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  return map;
}
