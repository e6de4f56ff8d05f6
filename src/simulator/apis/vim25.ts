import { type JsonObject, readJsonObject } from '../http/json.ts';
import { empty, json, jsonText, type SimulatedResponse, text } from '../http/response.ts';
import type { Session } from '../state/sessions.ts';
import { terminateSession } from '../state/users.ts';
import { type OperationRequest, tokenHeader, type VCenter } from '../state/vcenter.ts';
import type { ManagedObjectPath, Vim25Operation } from './routes.ts';
import { managedObject, notAuthenticated, vim25Fault } from './vim25-faults.ts';

/** Carries out a VI/JSON operation. */
export function handleVim25(
  operation: Vim25Operation,
  target: ManagedObjectPath,
  request: OperationRequest,
  vcenter: VCenter,
): SimulatedResponse {
  if (!vcenter.releases.includes(target.release)) return text(404, '404 Not Found');
  const expected = target.type === 'SessionManager' ? vcenter.sessionManager : target.type;
  if (target.moId !== expected) {
    const members = { obj: managedObject(target.type, target.moId) };
    return vim25Fault('ManagedObjectNotFound', 'managedObjectNotFound', request.language, members);
  }
  switch (operation) {
    case 'currentSession':
      return currentSession(request, vcenter);
    case 'sessionList':
      return sessionList(request, vcenter);
    case 'Login':
      return login(request, vcenter);
    case 'Logout':
      return logout(request, vcenter);
    case 'content':
      return json(200, serviceContent(vcenter));
  }
}

function currentSession(request: OperationRequest, vcenter: VCenter): SimulatedResponse {
  const session = vcenter.sessions.find('vim25', request.token);
  if (session === undefined) return notAuthenticatedResponse(request, vcenter);
  // A read that System.Anonymous allows is counted, but does not keep the session from expiring.
  session.countVim25Call(vcenter.clock(), { renews: false });
  return jsonText(200, session.userSessionText(), () => session.userSession());
}

function sessionList(request: OperationRequest, vcenter: VCenter): SimulatedResponse {
  const session = vcenter.sessions.find('vim25', request.token);
  if (session === undefined) {
    // Without a session there is no privilege, so the property is never null here.
    const asFault = vcenter.notAuthenticated.vim25 === 'null';
    return asFault
      ? notAuthenticated(vcenter.sessionManager, request.language)
      : notAuthenticatedResponse(request, vcenter);
  }
  session.countVim25Call(vcenter.clock(), { renews: true });
  if (!session.principal.privileges.has(terminateSession)) return noPermission(request);
  const sessions = vcenter.sessions.list();
  const list = `[${sessions.map((one) => one.userSessionText()).join(',')}]`;
  return jsonText(200, list, () => sessions.map((one) => one.userSession()));
}

function noPermission(request: OperationRequest): SimulatedResponse {
  const rootFolder = managedObject('Folder', 'group-d1');
  return vim25Fault('NoPermission', 'noPermission', request.language, {
    object: rootFolder,
    privilegeId: terminateSession,
    missingPrivileges: [
      {
        _typeName: 'NoPermissionEntityPrivileges',
        entity: rootFolder,
        privilegeIds: [terminateSession],
      },
    ],
  });
}

function login(request: OperationRequest, vcenter: VCenter): SimulatedResponse {
  const body = readJsonObject(request.body);
  const { userName, password, locale } = body ?? {};
  if (typeof userName !== 'string' || typeof password !== 'string') {
    const invalidProperty = typeof userName === 'string' ? 'password' : 'userName';
    return vim25Fault('InvalidArgument', 'invalidBody', request.language, { invalidProperty });
  }
  const principal = vcenter.users.authenticate(userName, password);
  if (principal === undefined) return vim25Fault('InvalidLogin', 'invalidLogin', request.language);
  const session = vcenter.sessions.open('vim25', {
    principal,
    ipAddress: request.remoteAddress,
    userAgent: request.headers['user-agent'] ?? '',
    locale: typeof locale === 'string' ? locale : request.language,
  });
  if (session === undefined)
    return vim25Fault('RuntimeFault', 'serviceUnavailable', request.language, {}, 503);
  return withToken(session);
}

function withToken(session: Session): SimulatedResponse {
  return json(200, session.userSession(), { [tokenHeader]: session.token });
}

function logout(request: OperationRequest, vcenter: VCenter): SimulatedResponse {
  const session = vcenter.sessions.find('vim25', request.token);
  if (session === undefined) return notAuthenticated(vcenter.sessionManager, request.language);
  vcenter.sessions.end(session);
  return empty(204);
}

function notAuthenticatedResponse(request: OperationRequest, vcenter: VCenter): SimulatedResponse {
  switch (vcenter.notAuthenticated.vim25) {
    case 'null':
      return json(200, null);
    case 'noContent':
      return empty(204);
    case 'empty':
      return empty(200, { 'content-type': 'application/json' });
    case 'fault':
      return notAuthenticated(vcenter.sessionManager, request.language);
    case 'unauthorized':
      return notAuthenticated(vcenter.sessionManager, request.language, 401);
    case 'unauthorizedEmpty':
      return empty(401);
  }
}

function serviceContent(vcenter: VCenter): JsonObject {
  const apiVersion = vcenter.releases.at(-1) ?? '';
  return {
    _typeName: 'ServiceContent',
    rootFolder: managedObject('Folder', 'group-d1'),
    propertyCollector: managedObject('PropertyCollector', 'propertyCollector'),
    viewManager: managedObject('ViewManager', 'ViewManager'),
    about: {
      _typeName: 'AboutInfo',
      name: 'VMware vCenter Server',
      fullName: `VMware vCenter Server ${apiVersion} (simulated)`,
      vendor: 'VMware, Inc.',
      version: apiVersion.split('.').slice(0, 3).join('.'),
      build: '0',
      localeVersion: 'INTL',
      localeBuild: '000',
      osType: 'linux-x64',
      productLineId: 'vpx',
      apiType: 'VirtualCenter',
      apiVersion,
      instanceUuid: vcenter.instanceUuid,
    },
    setting: managedObject('OptionManager', 'VpxSettings'),
    userDirectory: managedObject('UserDirectory', 'UserDirectory'),
    sessionManager: managedObject('SessionManager', vcenter.sessionManager),
    authorizationManager: managedObject('AuthorizationManager', 'AuthorizationManager'),
  };
}
