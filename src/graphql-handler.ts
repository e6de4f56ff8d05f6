import { type ApolloServer, type BaseContext, HeaderMap } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { KnownDocuments } from './known-documents.ts';
import { documentOf } from './request-body.ts';
import { type RequestErrorBody, requestError } from './request-error.ts';
import { reasonNotToParse } from './validation/document.ts';

/**
 * Makes what answers a `POST`: where its document is known, by executing it, else by Apollo Server, as its
 * documentation says of integrations.
 *
 * @param contextOf - makes the context of one request.
 */
export function graphqlHandler<Context extends BaseContext>(
  apollo: ApolloServer<Context>,
  known: KnownDocuments<Context>,
  contextOf: (request: FastifyRequest) => Context,
): (request: FastifyRequest, reply: FastifyReply) => Promise<string | RequestErrorBody> {
  return async (request, reply) => {
    const { accept } = request.headers;
    const answer = await known.execute(request.body, accept, () => contextOf(request));
    if (answer) {
      reply.header('content-type', answer.contentType);
      return answer.body;
    }
    const document = documentOf(request.body);
    const reason = document === undefined ? undefined : reasonNotToParse(document);
    if (reason !== undefined) {
      reply.code(400);
      return requestError(reason, 'BAD_REQUEST');
    }
    const {
      status = 200,
      headers,
      body,
    } = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: request.method,
        headers: toHeaderMap(request),
        body: request.body,
        search: '',
      },
      context: async () => contextOf(request),
    });
    // Only @defer and @stream, which the schema does not have, would be answered in chunks.
    if (body.kind !== 'complete') throw new Error('an answer in chunks was not asked for');
    const contentType = headers.get('content-type');
    if (status === 200 && contentType !== undefined) known.rememberMediaType(accept, contentType);
    for (const [name, value] of headers) reply.header(name, value);
    // After Apollo's own, which for some errors says otherwise.
    reply.header('cache-control', 'no-store');
    reply.code(status);
    return body.string;
  };
}

function toHeaderMap({ headers }: FastifyRequest): HeaderMap {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers))
    if (value) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  return map;
}
