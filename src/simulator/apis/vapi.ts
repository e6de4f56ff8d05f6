import { Buffer } from 'node:buffer';
import { readJsonObject } from '../http/json.ts';
import { empty, html, json, type SimulatedResponse } from '../http/response.ts';
import { milliseconds } from '../state/sessions.ts';
import type { Principal } from '../state/users.ts';
import { type OperationRequest, tokenHeader, type VCenter } from '../state/vcenter.ts';
import type { VapiOperation } from './routes.ts';
import { vapiError } from './vapi-errors.ts';

/** Carries out a vAPI operation. */
export function handleVapi(
  operation: VapiOperation,
  request: OperationRequest,
  vcenter: VCenter,
): SimulatedResponse {
  switch (operation) {
    case 'createSession':
      return createSession(request, vcenter);
    case 'getSession':
      return getSession(request, vcenter);
    case 'deleteSession':
      return deleteSession(request, vcenter);
    case 'hello':
      return hello(request, vcenter);
  }
}

function createSession(request: OperationRequest, vcenter: VCenter): SimulatedResponse {
  const principal = basicPrincipal(request, vcenter);
  if (principal === undefined) {
    const given = request.headers.authorization !== undefined;
    const message = given ? 'authenticationInvalid' : 'authenticationRequired';
    return vapiError('UNAUTHENTICATED', message, request.language);
  }
  const session = vcenter.sessions.open('vapi', {
    principal,
    ipAddress: request.remoteAddress,
    userAgent: request.headers['user-agent'] ?? '',
    locale: request.language,
  });
  if (session === undefined)
    return vapiError('SERVICE_UNAVAILABLE', 'serviceUnavailable', request.language);
  return json(201, session.token, { [tokenHeader]: session.token });
}

function getSession(request: OperationRequest, vcenter: VCenter): SimulatedResponse {
  const now = vcenter.clock();
  const session = vcenter.sessions.find('vapi', request.token);
  if (session !== undefined) {
    session.countVapiCall(now);
    return json(200, session.sessionInfo());
  }
  // Every vAPI operation accepts Basic instead of a token, with a session for that one call.
  const principal = request.token === undefined ? basicPrincipal(request, vcenter) : undefined;
  if (principal === undefined) return notAuthenticated(request, vcenter);
  const time = milliseconds(now);
  return json(200, { user: principal.user, created_time: time, last_accessed_time: time });
}

function deleteSession(request: OperationRequest, vcenter: VCenter): SimulatedResponse {
  const session = vcenter.sessions.find('vapi', request.token);
  if (session === undefined) return notAuthenticated(request, vcenter);
  vcenter.sessions.end(session);
  return empty(204);
}

function hello(request: OperationRequest, vcenter: VCenter): SimulatedResponse {
  // The operation exists since 8.0.2.0.
  if (vcenter.releases.every((release) => release === '8.0.1.0')) {
    return vapiError('NOT_FOUND', 'notFound', request.language);
  }
  const { api_releases: wanted } = readJsonObject(request.body) ?? {};
  if (!Array.isArray(wanted)) return vapiError('INVALID_ARGUMENT', 'invalidBody', request.language);
  const shared = wanted.find(
    (release) => typeof release === 'string' && vcenter.releases.includes(release),
  );
  return json(200, { api_release: typeof shared === 'string' ? shared : '' });
}

function notAuthenticated(request: OperationRequest, vcenter: VCenter): SimulatedResponse {
  switch (vcenter.notAuthenticated.vapi) {
    case 'error':
      return vapiError('UNAUTHENTICATED', 'authenticationRequired', request.language);
    case 'empty':
      return empty(401);
    case 'html':
      return html(401, '401 Unauthorized');
  }
}

function basicPrincipal(request: OperationRequest, vcenter: VCenter): Principal | undefined {
  const match = /^basic +(\S+)$/i.exec(request.headers.authorization ?? '');
  const credentials = Buffer.from(match?.[1] ?? '', 'base64').toString('utf8');
  const colon = credentials.indexOf(':');
  if (colon < 0) return undefined;
  return vcenter.users.authenticate(credentials.slice(0, colon), credentials.slice(colon + 1));
}
