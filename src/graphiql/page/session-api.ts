/** Why logging in or out failed, for the user: the vCenter's own message where it sent one. */
class LoginError extends Error {}

const endpoint = '/graphiql/session';

let routerSecret: string | undefined;

/** Sets the secret that logins send in `x-router-secret`. Default: none. */
export function setRouterSecret(secret: string | undefined): void {
  routerSecret = secret;
}

/** The vCenter and the credentials to log in with. */
export interface Credentials {
  readonly vcenter: string;
  readonly userName: string;
  readonly password: string;
}

/** A session that the user logged in to on this page. */
export interface LoggedIn {
  readonly vcenter: string;
  readonly userName: string;
  readonly token: string;
}

/**
 * Logs in to a vCenter.
 *
 * @returns the session's token.
 * @throws {LoginError} where the vCenter or the subgraph rejects the request, or does not respond.
 */
export async function logIn(credentials: Credentials): Promise<string> {
  const response = await send(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(routerSecret !== undefined && { 'x-router-secret': routerSecret }),
    },
    body: JSON.stringify(credentials),
  });
  const { token } = (await response.json()) as { token: string };
  return token;
}

/**
 * Ends a session on its vCenter.
 *
 * @param leaving - whether the page is being closed: the request then outlives it.
 * @throws {LoginError} as logIn does.
 */
export async function logOut({ vcenter, token }: LoggedIn, leaving = false): Promise<void> {
  await send(`${endpoint}?vcenter=${encodeURIComponent(vcenter)}`, {
    method: 'DELETE',
    headers: { 'vmware-api-session-id': token },
    keepalive: leaving,
  });
}

async function send(url: string, init: RequestInit): Promise<Response> {
  // Another site's page can't send this header without being allowed to, which it is not.
  const headers = { ...init.headers, 'x-graphiql': '1' };
  const response = await fetch(url, { ...init, headers, credentials: 'omit' }).catch(() => {
    throw new LoginError('The subgraph does not respond.');
  });
  if (response.ok) return response;
  const body: unknown = await response.json().catch(() => undefined);
  const message =
    typeof body === 'object' && body !== null && 'message' in body ? body.message : undefined;
  throw new LoginError(
    typeof message === 'string'
      ? message
      : `The subgraph responded with status ${response.status}.`,
  );
}
