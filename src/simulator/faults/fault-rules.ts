import { validateHeaderName, validateHeaderValue } from 'node:http';
import { OPERATIONS } from '../apis/routes.ts';
import { isObject } from '../http/json.ts';
import { affectsOnlyTiming, CONTENTS, DELIVERIES, type Fault } from './fault.ts';

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
  return (value) =>
    isObject(value) && Object.entries(tests).every(([name, test]) => test(value[name]));
}

/** For each property of a fault: what it takes, in words, and the test of it. */
const TAKES: Readonly<Record<keyof Fault, { words: string; test: Test }>> = {
  api: { words: "'vapi' or 'vim25'", test: oneOf('vapi', 'vim25') },
  operation: {
    words: `one of ${OPERATIONS.join(', ')}`,
    test: oneOf(...OPERATIONS),
  },
  token: {
    words: 'a string or a function',
    test: (value) => isText(value) || typeof value === 'function',
  },
  times: { words: 'a whole number from 1', test: isCount(1) },
  latencyMs: { words: 'a number of milliseconds', test: isDuration },
  answer: {
    words: 'an object of status (200 to 599), headers and body',
    test: hasMembers({
      status: optional(isStatus),
      headers: optional(areHeaders),
      body: optional(isBytes),
    }),
  },
  vapiError: {
    words:
      'an error_type, or an object of errorType, status (200 to 599), messages, data and members',
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
      hasMembers({
        typeName: optional(isText),
        status: optional(isStatus),
        members: optional(isObject),
      }),
    ),
  },
  properties: { words: 'an object', test: isObject },
  redirect: {
    words: 'an object of to and status (200 to 599)',
    test: hasMembers({ to: (value) => isHeader('location', value), status: optional(isStatus) }),
  },
  cut: {
    words: 'true or { afterBytes }',
    test: either(isTrue, hasMembers({ afterBytes: isCount(0) })),
  },
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
export function validateFault(fault: unknown): string | undefined {
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
  const { latencyMs } = fault;
  if (latencyMs === undefined && affectsOnlyTiming(fault)) {
    return `A fault takes at least one of latencyMs, ${[...CONTENTS, ...DELIVERIES].join(', ')}, encoding.`;
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
