import type { ServerResponse } from 'node:http';
import { constants, Http2ServerResponse } from 'node:http2';

/**
 * Ends a response before its end, so that its client notices: of HTTP/1.1 by closing the connection, of HTTP/2 by
 * resetting its stream, whatever the state of its connection.
 */
export function cancelResponse(response: ServerResponse | Http2ServerResponse): void {
  if (!(response instanceof Http2ServerResponse)) {
    response.destroy();
    return;
  }
  const { stream } = response;
  // Without a code a client would take what it has received for the whole response.
  stream.close(constants.NGHTTP2_CANCEL);
  stream.destroy();
}
