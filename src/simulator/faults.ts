import { type OutgoingHttpHeaders, validateHeaderName, validateHeaderValue } from 'node:http';
import { isObject, type JsonObject } from './json.ts';
import type { Api, Operation, Route } from './routes.ts';
import type { VapiErrorOrder } from './vapiErrors.ts';
import type { Vim25FaultOrder } from './vim25Faults.ts';

/** Says which requests are meant. What is left out is not looked at. */
export interface RequestFilter {
  api?: Api;
  operation?: Operation;
  /** The token of the request, or a test of it; the token is undefined where the request has none. */
  token?: string | ((token: string | undefined) => boolean);
}

/**
 * Something that goes wrong. It may say when the answer comes (`latencyMs`), what it says (one of `answer`,
 * `vapiError`, `vim25Fault`, `properties`, `redirect`), how it is sent (one of `cut`, `drip`, `huge`, `hang`,
 * `reset`), and how it is packed (`encoding`): one of each at most, in any combination.
 *
 * An ordered answer stands in for the operation, which is then not carried out: the session does not move.
 */
export interface Fault extends RequestFilter {
  /** For how many requests. Default: all, until the fault is cancelled or cleared. */
  times?: number;
  /** Milliseconds to wait before answering. */
  latencyMs?: number;

  /** Any answer at all. Default: status 200, JSON's content type, no body. */
  answer?: { status?: number; headers?: OutgoingHttpHeaders; body?: string | Uint8Array };
  /** A vAPI error: its `error_type`, or more than that. */
  vapiError?: string | VapiErrorOrder;
  /** A vim25 fault: its `_typeName`, or more than that. */
  vim25Fault?: string | Vim25FaultOrder;
  /**
   * The usual answer with these properties in the place of its own, in each element where it is a list: a value
   * of the wrong type, or `undefined` for a property that is missing.
   */
  properties?: JsonObject;
  /** A redirect. Default status: 302. */
  redirect?: { to: string; status?: number };

  /** Promises the whole body, sends some of it (default: half) and closes the connection. */
  cut?: true | { afterBytes: number };
  /** Sends the headers at once and the body bit by bit. Default: one byte at a time. */
  drip?: { everyMs: number; bytes?: number };
  /** Blanks after the body, which leave JSON what it is. Their length is announced only where `announced` is true. */
  huge?: { bytes: number; announced?: boolean };
  /** Never answers. */
  hang?: true;
  /** Resets the connection before any byte of an answer. */
  reset?: true;

  /** Compresses the body and says so. */
  encoding?: 'gzip' | 'br' | 'deflate';
}

/** A fault that was ordered. */
export interface OrderedFault {
  readonly fault: Fault;
  /** How many requests it has met. */
  readonly used: number;
  /** Whether it can still meet one. */
  readonly active: boolean;
  /** Ends it. Requests that it has met already stay as they are. */
  cancel(): void;
}

/** What the faults in force make of one request. */
export interface Trouble {
  readonly latencyMs: number;
  readonly fault: Fault | undefined;
}

const CONTENTS = ['answer', 'vapiError', 'vim25Fault', 'properties', 'redirect'] as const;
const DELIVERIES = ['cut', 'drip', 'huge', 'hang', 'reset'] as const;

/** The faults in force, in the order in which they were ordered. */
export class FaultBook {
  #orders: Order[] = [];

  order(fault: Fault): OrderedFault {
    const complaint = complainAbout(fault);
    if (complaint !== undefined) throw new TypeError(complaint);
    const order = new Order(fault, (ended) => {
      this.#orders = this.#orders.filter((other) => other !== ended);
    });
    this.#orders.push(order);
    return order;
  }

  /** The faults in force. */
  list(): readonly OrderedFault[] {
    return this.#orders;
  }

  clear(): void {
    for (const order of this.#orders) order.cancel();
  }

  /**
   * The trouble that a request runs into: the latency of all faults that match it and are latency alone, and
   * the first other fault that matches.
   */
  take(route: Route, token: string | undefined): Trouble | undefined {
    if (this.#orders.length === 0) return undefined;
    let latencyMs = 0;
    let fault: Fault | undefined;
    let isMet = false;
    for (const order of this.#orders) {
      const isLatencyAlone = spoilsOnlyTime(order.fault);
      if ((!isLatencyAlone && fault !== undefined) || !matches(order.fault, route, token)) continue;
      order.use();
      isMet = true;
      latencyMs += order.fault.latencyMs ?? 0;
      if (!isLatencyAlone) fault = order.fault;
    }
    return isMet ? { latencyMs, fault } : undefined;
  }
}

class Order implements OrderedFault {
  readonly fault: Fault;
  readonly #end: (order: Order) => void;
  #used = 0;
  #active = true;

  constructor(fault: Fault, end: (order: Order) => void) {
    this.fault = fault;
    this.#end = end;
  }

  get used(): number {
    return this.#used;
  }

  get active(): boolean {
    return this.#active;
  }

  use(): void {
    this.#used += 1;
    if (this.#used === this.fault.times) this.cancel();
  }

  cancel(): void {
    this.#active = false;
    this.#end(this);
  }
}

/** Whether a request is among those that a filter means. */
export function matches(filter: RequestFilter, route: Route, token: string | undefined): boolean {
  if (filter.api !== undefined && filter.api !== route.api) return false;
  if (filter.operation !== undefined && filter.operation !== route.operation) return false;
  if (filter.token === undefined) return true;
  return typeof filter.token === 'string' ? filter.token === token : filter.token(token);
}

function spoilsOnlyTime(fault: Fault): boolean {
  const names: readonly (keyof Fault)[] = [...CONTENTS, ...DELIVERIES, 'encoding'];
  return names.every((name) => fault[name] === undefined);
}

const OPERATIONS: Readonly<Record<Operation, Api>> = {
  createSession: 'vapi',
  getSession: 'vapi',
  deleteSession: 'vapi',
  hello: 'vapi',
  currentSession: 'vim25',
  sessionList: 'vim25',
  Login: 'vim25',
  Logout: 'vim25',
  content: 'vim25',
};

type Test = (value: unknown) => boolean;

const isTrue: Test = (value) => value === true;
const isText: Test = (value) => typeof value === 'string';
const isBytes: Test = (value) => typeof value === 'string' || value instanceof Uint8Array;
const isStatus: Test = (value) => isCount(200)(value) && (value as number) <= 599;
// Beyond this, a timer of Node.js fires at once.
const isDuration: Test = (value) => typeof value === 'number' && value >= 0 && value <= 2 ** 31 - 1;

function isCount(least: number): Test {
  return (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= least;
}

function oneOf(...values: string[]): Test {
  return (value) => typeof value === 'string' && values.includes(value);
}

function optional(test: Test): Test {
  return (value) => value === undefined || test(value);
}

function either(...tests: Test[]): Test {
  return (value) => tests.some((test) => test(value));
}

/** An object whose members pass their tests; others are let through, as they do no harm. */
function hasMembers(tests: Readonly<Record<string, Test>>): Test {
  return (value) => isObject(value) && Object.entries(tests).every(([name, test]) => test(value[name]));
}

/** For each property of a fault: what it takes, in words, and the test of it. */
const TAKES: Readonly<Record<keyof Fault, { words: string; test: Test }>> = {
  api: { words: "'vapi' or 'vim25'", test: oneOf('vapi', 'vim25') },
  operation: {
    words: `one of ${Object.keys(OPERATIONS).join(', ')}`,
    test: oneOf(...Object.keys(OPERATIONS)),
  },
  token: { words: 'a string or a function', test: (value) => isText(value) || typeof value === 'function' },
  times: { words: 'a whole number from 1', test: isCount(1) },
  latencyMs: { words: 'a number of milliseconds', test: isDuration },
  answer: {
    words: 'an object of status (200 to 599), headers and body',
    test: hasMembers({ status: optional(isStatus), headers: optional(areHeaders), body: optional(isBytes) }),
  },
  vapiError: {
    words: 'an error_type, or an object of errorType, status (200 to 599), messages, data and members',
    test: either(
      isText,
      hasMembers({
        errorType: optional((value) => value === null || isText(value)),
        status: optional(isStatus),
        members: optional(isObject),
      }),
    ),
  },
  vim25Fault: {
    words: 'a type name, or an object of typeName, status (200 to 599) and members',
    test: either(
      isText,
      hasMembers({ typeName: optional(isText), status: optional(isStatus), members: optional(isObject) }),
    ),
  },
  properties: { words: 'an object', test: isObject },
  redirect: {
    words: 'an object of to and status (200 to 599)',
    test: hasMembers({ to: (value) => isHeader('location', value), status: optional(isStatus) }),
  },
  cut: { words: 'true or { afterBytes }', test: either(isTrue, hasMembers({ afterBytes: isCount(0) })) },
  drip: {
    words: 'an object of everyMs and bytes',
    test: hasMembers({ everyMs: isDuration, bytes: optional(isCount(1)) }),
  },
  huge: {
    words: 'an object of bytes and announced',
    test: hasMembers({
      bytes: isCount(0),
      announced: optional((value) => typeof value === 'boolean'),
    }),
  },
  hang: { words: 'true', test: isTrue },
  reset: { words: 'true', test: isTrue },
  encoding: { words: "'gzip', 'br' or 'deflate'", test: oneOf('gzip', 'br', 'deflate') },
};

/** What is wrong with a fault, in a sentence; undefined where nothing is. */
export function complainAbout(fault: unknown): string | undefined {
  if (!isObject(fault)) return 'A fault is an object.';
  const given = Object.entries(fault).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    if (!Object.hasOwn(TAKES, name)) {
      return `A fault has no property ${name}; it has ${Object.keys(TAKES).join(', ')}.`;
    }
    const { words, test } = TAKES[name as keyof Fault];
    if (!test(value)) return `A fault's ${name} takes ${words}.`;
  }
  for (const group of [CONTENTS, DELIVERIES]) {
    const together = group.filter((name) => fault[name] !== undefined);
    if (together.length > 1) return `A fault takes one of ${together.join(', ')}, not several.`;
  }
  return undefined;
}

function areHeaders(value: unknown): boolean {
  return (
    isObject(value) &&
    Object.entries(value).every(([name, text]) => text === undefined || isHeader(name, text))
  );
}

function isHeader(name: string, value: unknown): boolean {
  if (Array.isArray(value)) return value.every((one) => isHeader(name, one));
  if (typeof value !== 'string' && typeof value !== 'number') return false;
  try {
    validateHeaderName(name);
    validateHeaderValue(name, String(value));
    return true;
  } catch {
    return false;
  }
}
