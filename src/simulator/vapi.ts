import { Buffer } from 'node:buffer';
import { type Answer, empty, html, json } from './answer.ts';
import { readJsonObject } from './json.ts';
import type { VapiOperation } from './routes.ts';
import { milliseconds } from './sessions.ts';
import type { Principal } from './users.ts';
import { vapiError } from './vapi-errors.ts';
import { type Exchange, TOKEN_HEADER, type VCenter } from './vcenter.ts';

/** Does what a vAPI operation does, and answers. */
export function answerVapi(operation: VapiOperation, exchange: Exchange, vcenter: VCenter): Answer {
  switch (operation) {
    case 'createSession':
      return createSession(exchange, vcenter);
    case 'getSession':
      return getSession(exchange, vcenter);
    case 'deleteSession':
      return deleteSession(exchange, vcenter);
    case 'hello':
      return hello(exchange, vcenter);
  }
}

function createSession(exchange: Exchange, vcenter: VCenter): Answer {
  const principal = basicPrincipal(exchange, vcenter);
  if (principal === undefined) {
    const given = exchange.headers.authorization !== undefined;
    const message = given ? 'authenticationInvalid' : 'authenticationRequired';
    return vapiError('UNAUTHENTICATED', message, exchange.language);
  }
  const session = vcenter.sessions.open('vapi', {
    principal,
    ipAddress: exchange.remoteAddress,
    userAgent: exchange.headers['user-agent'] ?? '',
    locale: exchange.language,
  });
  if (session === undefined)
    return vapiError('SERVICE_UNAVAILABLE', 'serviceUnavailable', exchange.language);
  return json(201, session.token, { [TOKEN_HEADER]: session.token });
}

function getSession(exchange: Exchange, vcenter: VCenter): Answer {
  const now = vcenter.clock();
  const session = vcenter.sessions.find('vapi', exchange.token);
  if (session !== undefined) {
    session.countVapiCall(now);
    return json(200, session.sessionInfo());
  }
  // Any vAPI operation takes Basic in place of a token, and has a session for the length of that one call.
  const principal = exchange.token === undefined ? basicPrincipal(exchange, vcenter) : undefined;
  if (principal === undefined) return notLoggedOn(exchange, vcenter);
  const time = milliseconds(now);
  return json(200, { user: principal.user, created_time: time, last_accessed_time: time });
}

function deleteSession(exchange: Exchange, vcenter: VCenter): Answer {
  const session = vcenter.sessions.find('vapi', exchange.token);
  if (session === undefined) return notLoggedOn(exchange, vcenter);
  vcenter.sessions.end(session);
  return empty(204);
}

function hello(exchange: Exchange, vcenter: VCenter): Answer {
  // The operation came with 8.0.2.0, so a vCenter that serves 8.0.1.0 alone does not know it.
  if (vcenter.releases.every((release) => release === '8.0.1.0')) {
    return vapiError('NOT_FOUND', 'notFound', exchange.language);
  }
  const { api_releases: wanted } = readJsonObject(exchange.body) ?? {};
  if (!Array.isArray(wanted))
    return vapiError('INVALID_ARGUMENT', 'invalidBody', exchange.language);
  const shared = wanted.find(
    (release) => typeof release === 'string' && vcenter.releases.includes(release),
  );
  return json(200, { api_release: typeof shared === 'string' ? shared : '' });
}

function notLoggedOn(exchange: Exchange, vcenter: VCenter): Answer {
  switch (vcenter.notLoggedOn.vapi) {
    case 'error':
      return vapiError('UNAUTHENTICATED', 'authenticationRequired', exchange.language);
    case 'empty':
      return empty(401);
    case 'html':
      return html(401, '401 Unauthorized');
  }
}

function basicPrincipal(exchange: Exchange, vcenter: VCenter): Principal | undefined {
  const match = /^basic +(\S+)$/i.exec(exchange.headers.authorization ?? '');
  const credentials = Buffer.from(match?.[1] ?? '', 'base64').toString('utf8');
  const colon = credentials.indexOf(':');
  if (colon < 0) return undefined;
  return vcenter.users.authenticate(credentials.slice(0, colon), credentials.slice(colon + 1));
}
