import { errorCodes, type FastifyInstance } from 'fastify';
import { maxBodyBytes } from './bounds.ts';
import { errorResponse, sendServiceUnavailable } from './error-response.ts';
import { HttpError } from './http-error.ts';

/** Adds what is sent where no route is found, or where one fails. */
export function registerErrorHandlers(app: FastifyInstance): void {
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send(errorResponse('Not found. GraphQL is at /graphql.', 'NOT_FOUND')),
  );
  app.setErrorHandler((error, request, reply) => {
    // Fastify's, for a body that was not read. HTTP/2 has no such header.
    if (request.raw.httpVersionMajor > 1) reply.removeHeader('connection');
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
    if (status === 413)
      return reply
        .code(413)
        .send(errorResponse(`The body is larger than ${maxBodyBytes} bytes.`, 'BAD_REQUEST'));
    if (error instanceof errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE)
      return reply
        .code(415)
        .send(
          errorResponse('Send a JSON body, with content-type: application/json.', 'BAD_REQUEST'),
        );
    if (error instanceof HttpError && status === 503)
      return sendServiceUnavailable(reply, error.message);
    if (error instanceof Error && status >= 400 && status < 500)
      return reply.code(status).send(errorResponse(error.message, 'BAD_REQUEST'));
    app.log.error({ err: error }, 'request failed');
    return reply.code(500).send(errorResponse('Internal server error', 'INTERNAL_SERVER_ERROR'));
  });
}
