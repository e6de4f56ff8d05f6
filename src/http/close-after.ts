import type { ServerResponse } from 'node:http';

/** Closes the connection after a response. One of HTTP/2 stays open for other requests, and has no such header. */
export function closeAfter(response: ServerResponse): void {
  if (response.req.httpVersionMajor < 2 && !response.headersSent)
    response.setHeader('connection', 'close');
}
