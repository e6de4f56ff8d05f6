/**
 * What the simulator can put on the wire. A bigint is written digit for digit, so that an int64 beyond
 * 2^53 arrives whole; a member that is `undefined` is left out.
 */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | bigint
  | readonly JsonValue[]
  | JsonObject;

/** An object of JSON; a member that is `undefined` is left out. */
export interface JsonObject {
  readonly [member: string]: JsonValue | undefined;
}

/** Writes JSON text. Throws on a number that JSON has no form for (NaN, Infinity). */
export function writeJson(value: JsonValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new TypeError(`JSON takes finite numbers, not ${value}`);
  }
  if (value === null || typeof value !== 'object') return String(value);
  if (isArray(value)) return `[${value.map(writeJson).join(',')}]`;

  let text = '';
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${writeJson(member)}`;
  }
  return `{${text}}`;
}

/** Whether a value is an object with members: neither null nor an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `Array.isArray`, which does not narrow read-only arrays. */
function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** The object that a JSON text holds; undefined if it is not JSON or not an object. */
export function readJsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
