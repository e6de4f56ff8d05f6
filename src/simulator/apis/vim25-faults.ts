import type { JsonObject } from '../http/json.ts';
import { json, type SimulatedResponse } from '../http/response.ts';
import { type Language, MESSAGES, type MessageName, messageText } from './messages.ts';

/** Refers to a managed object, as vim25 writes it. */
export function managedObject(type: string, value: string): JsonObject {
  return { _typeName: 'ManagedObjectReference', type, value };
}

/** One of the faults that the operations themselves answer with. */
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
    faultstring: MESSAGES[message].en,
  });
}

function localizedMessage(name: MessageName, language: Language): JsonObject {
  return {
    _typeName: 'LocalizableMessage',
    key: MESSAGES[name].id,
    message: messageText(name, language),
  };
}

/** NotAuthenticated as an 8.0.3 writes it; 401 is what some infrastructure makes of it. */
export function notAuthenticated(
  moId: string,
  language: Language | undefined,
  status = 500,
): SimulatedResponse {
  const members = { object: managedObject('SessionManager', moId), privilegeId: '' };
  return vim25Fault('NotAuthenticated', 'notAuthenticated', language, members, status);
}

/** A fault that a test ordered. */
export interface Vim25FaultSpec {
  /** `_typeName`, such as `HostNotReachable`; left out, the fault does not say what it is. */
  typeName?: string;
  /** Default: 500. */
  status?: number;
  /** Members beside `_typeName`. Default: `faultstring` alone. `undefined` takes that away too. */
  members?: JsonObject;
}

/** The answer to such an order. */
export function injectedVim25Fault(order: Vim25FaultSpec): SimulatedResponse {
  return json(order.status ?? 500, {
    _typeName: order.typeName,
    faultstring: `The simulator was told to fail with ${order.typeName ?? 'a fault'}.`,
    ...order.members,
  });
}
