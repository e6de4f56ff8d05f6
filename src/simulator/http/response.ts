import type { OutgoingHttpHeaders } from 'node:http';
import { type JsonObject, type JsonValue, writeJson } from './json.ts';

/** What goes back to a caller, before any fault has had its way with it. */
export interface SimulatedResponse {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | Uint8Array;
  /** The value behind a JSON body, for faults that change single properties of it. */
  readonly value?: () => JsonValue;
}

const JSON_HEADERS: OutgoingHttpHeaders = { 'content-type': 'application/json' };

/** A JSON answer. */
export function json(
  status: number,
  value: JsonValue,
  headers: OutgoingHttpHeaders = {},
): SimulatedResponse {
  return {
    status,
    headers: { ...JSON_HEADERS, ...headers },
    body: writeJson(value),
    value: () => value,
  };
}

/** A JSON answer whose text is there already; `value` is called only if a fault asks for it. */
export function jsonText(status: number, text: string, value: () => JsonValue): SimulatedResponse {
  return { status, headers: JSON_HEADERS, body: text, value };
}

/** An answer without a body. */
export function empty(status: number, headers: OutgoingHttpHeaders = {}): SimulatedResponse {
  return { status, headers, body: '' };
}

/** A page such as a reverse proxy in front of a vCenter writes. */
export function html(status: number, title: string): SimulatedResponse {
  const body = `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`;
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}

/** The text that a vCenter's own proxy writes for a path that nobody serves. */
export function text(
  status: number,
  line: string,
  headers: OutgoingHttpHeaders = {},
): SimulatedResponse {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
    body: `${line}\n`,
  };
}

/** The same answer with some members of its JSON object, or of each object in its JSON list, replaced. */
export function withProperties(
  answer: SimulatedResponse,
  properties: JsonObject,
): SimulatedResponse {
  const value = answer.value?.();
  if (value === undefined) return answer;
  return json(answer.status, replaceIn(value, properties), answer.headers);
}

function replaceIn(value: JsonValue, properties: JsonObject): JsonValue {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value))
    return value.map((element: JsonValue) => replaceIn(element, properties));
  return { ...(value as JsonObject), ...properties };
}
