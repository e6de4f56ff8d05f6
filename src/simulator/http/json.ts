declare global {
  interface JSON {
    /** ECMAScript's "JSON.parse source text access", which TypeScript's library does not have yet. */
    rawJSON(text: string): { readonly rawJSON: string };
  }
}

/** A value of JSON. A bigint is written digit for digit; a member that is `undefined` is left out. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | bigint
  | readonly JsonValue[]
  | JsonObject;

/** An object of JSON. */
export interface JsonObject {
  readonly [member: string]: JsonValue | undefined;
}

/** Writes JSON. Throws a TypeError for a number that JSON cannot represent (NaN, Infinity). */
export function writeJson(value: JsonValue): string {
  return JSON.stringify(value, replaceNumber);
}

function replaceNumber(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return JSON.rawJSON(value.toString());
  if (typeof value !== 'number' || Number.isFinite(value)) return value;
  throw new TypeError(`Expected a finite number, received ${value}`);
}

/** Whether a value is an object with members: neither null nor an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object that a JSON text holds; undefined where the text is not JSON or not an object. */
export function readJsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
