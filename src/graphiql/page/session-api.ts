/** Why signing in or out failed, in words for the user: the vCenter's own where it sent some. */
class SignInError extends Error {}

const endpoint = '/graphiql/session';

let routerSecret: string | undefined;

/** Sets the secret that logins send in `x-router-secret`. Default: none. */
export function setRouterSecret(secret: string | undefined): void {
  routerSecret = secret;
}

/** Whom to sign in, and where. */
export interface Credentials {
  readonly vcenter: string;
  readonly userName: string;
  readonly password: string;
}

/**
 * Signs in to a vCenter.
 *
 * @returns the session's token.
 * @throws {SignInError} where the vCenter or the subgraph refuses, or nobody answers.
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
 * @throws {SignInError} as logIn does.
 */
export async function logOut(vcenter: string, token: string, leaving = false): Promise<void> {
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
    throw new SignInError('The subgraph does not answer.');
  });
  if (response.ok) return response;
  const body: unknown = await response.json().catch(() => undefined);
  const message =
    typeof body === 'object' && body !== null && 'message' in body ? body.message : undefined;
  throw new SignInError(
    typeof message === 'string' ? message : `The subgraph answers ${response.status}.`,
  );
}
