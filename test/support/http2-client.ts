import { once } from 'node:events';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type SecureClientSessionOptions,
} from 'node:http2';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** A whole response over HTTP/2. */
export interface Http2Response {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** One connection of HTTP/2. */
export interface Http2Client {
  readonly session: ClientHttp2Session;
  /** Sends a GraphQL query. */
  query(query: string, headers?: OutgoingHttpHeaders): Promise<Http2Response>;
  /** Sends the headers of a request and leaves its body open: end it with `end`. */
  open(headers?: OutgoingHttpHeaders): ClientHttp2Stream;
}

/** Opens a connection that closes with the test: with prior knowledge to an `http` URL, else by ALPN. */
export function connectHttp2(url: string, options: SecureClientSessionOptions = {}): Http2Client {
  const session = connect(url, options);
  session.on('error', () => undefined);
  onTestFinished(() => session.destroy());
  const open = (headers: OutgoingHttpHeaders = {}) =>
    session.request(
      {
        ':method': 'POST',
        ':path': '/graphql',
        'content-type': 'application/json',
        ...headers,
      },
      { endStream: false },
    );
  return {
    session,
    open,
    query(query, headers) {
      const stream = open(headers);
      stream.end(JSON.stringify({ query }));
      return responseOf(stream);
    },
  };
}

/** Sends a request without a body. */
export function get({ session }: Http2Client, path: string): Promise<Http2Response> {
  return responseOf(session.request({ ':path': path }));
}

/** Reads a whole response, of JSON or text. */
export async function responseOf(stream: ClientHttp2Stream): Promise<Http2Response> {
  const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders];
  const received = await text(stream);
  const isJson = headers['content-type']?.includes('json');
  return {
    status: Number(headers[':status']),
    headers,
    body: isJson ? (JSON.parse(received) as unknown) : received,
  };
}
