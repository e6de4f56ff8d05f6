import type { Vim25FaultSpec } from '../faults/fault.ts';
import type { JsonObject } from '../http/json.ts';
import { json, type SimulatedResponse } from '../http/response.ts';
import { type Language, type MessageName, messages, messageText } from './messages.ts';

/** vim25's reference to a managed object. */
export function managedObject(type: string, value: string): JsonObject {
  return { _typeName: 'ManagedObjectReference', type, value };
}

/** A fault of an operation's own. */
export function vim25Fault(
  typeName: string,
  message: MessageName,
  language: Language | undefined,
  members: JsonObject = {},
  status = 500,
): SimulatedResponse {
  return json(status, {
    _typeName: typeName,
    ...members,
    faultMessage: language === undefined ? undefined : [localizedMessage(message, language)],
    faultstring: messages[message].en,
  });
}

function localizedMessage(name: MessageName, language: Language): JsonObject {
  return {
    _typeName: 'LocalizableMessage',
    key: messages[name].id,
    message: messageText(name, language),
  };
}

/** NotAuthenticated as vCenter 8.0.3 returns it; some infrastructure changes the status to 401. */
export function notAuthenticated(
  moId: string,
  language: Language | undefined,
  status = 500,
): SimulatedResponse {
  const members = { object: managedObject('SessionManager', moId), privilegeId: '' };
  return vim25Fault('NotAuthenticated', 'notAuthenticated', language, members, status);
}

/** The response of an injected fault. */
export function injectedVim25Fault({
  typeName,
  status,
  members,
}: Vim25FaultSpec): SimulatedResponse {
  return json(status ?? 500, {
    _typeName: typeName,
    faultstring: `Injected by the simulator: ${typeName ?? 'a fault'}.`,
    ...members,
  });
}
