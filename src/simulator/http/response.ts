import type { OutgoingHttpHeaders } from 'node:http';
import { type JsonObject, type JsonValue, writeJson } from './json.ts';

/** A response before a fault is applied to it. */
export interface SimulatedResponse {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | Uint8Array;
  /** The value of a JSON body, for faults that change single properties of it. */
  readonly value?: () => JsonValue;
}

/** A JSON response. */
export function json(
  status: number,
  value: JsonValue,
  headers: OutgoingHttpHeaders = {},
): SimulatedResponse {
  return jsonText(status, writeJson(value), () => value, headers);
}

/** A JSON response whose text is already written; `value` is called only where a fault needs it. */
export function jsonText(
  status: number,
  body: string,
  value: () => JsonValue,
  headers: OutgoingHttpHeaders = {},
): SimulatedResponse {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body, value };
}

/** A response without a body. */
export function empty(status: number, headers: OutgoingHttpHeaders = {}): SimulatedResponse {
  return { status, headers, body: '' };
}

/** A page of a reverse proxy in front of a vCenter. */
export function html(status: number, title: string): SimulatedResponse {
  const body = `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`;
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}

/** The response of a vCenter's own proxy for a path that has no service. */
export function text(status: number, line: string, more?: OutgoingHttpHeaders): SimulatedResponse {
  const headers = { 'content-type': 'text/plain; charset=utf-8', ...more };
  return { status, headers, body: `${line}\n` };
}

/** The response with some members of its JSON object, or of each object in its JSON list, replaced. */
export function withProperties(
  response: SimulatedResponse,
  properties: JsonObject,
): SimulatedResponse {
  const value = response.value?.();
  if (value === undefined) return response;
  return json(response.status, replaceIn(value, properties), response.headers);
}

function replaceIn(value: JsonValue, properties: JsonObject): JsonValue {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value))
    return value.map((element: JsonValue) => replaceIn(element, properties));
  return { ...(value as JsonObject), ...properties };
}
