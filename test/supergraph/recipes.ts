import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

/** What a router's configuration in `examples/routers` does for the subgraph. */
export interface Recipe {
  /** Names of headers that it forwards, in lower case. */
  readonly names: readonly string[];
  /** Patterns of names of headers that it forwards. */
  readonly patterns: readonly RegExp[];
  /** The header that carries the shared secret, in lower case, and where the value is from. */
  readonly secret: readonly [name: string, from: string];
  /** The keys of error extensions that it lets through. */
  readonly extensions: readonly string[];
  /** How long it waits for the subgraph, in seconds. */
  readonly seconds: number;
  /** How long it keeps an idle connection to the subgraph, in seconds, where the recipe sets it. */
  readonly idleSeconds?: number;
}

/** The recipes that are YAML, read by what they must have; a key that is missing or misplaced throws. */
export const recipes: Record<string, () => Recipe> = {
  'apollo-router.yaml': () => {
    const {
      headers,
      include_subgraph_errors: errors,
      traffic_shaping: shaping,
    } = apollo.parse(read('apollo-router.yaml'));
    const { operations } = headers.subgraphs['vcenter-session'].request;
    const rules = operations.flatMap((operation) =>
      'propagate' in operation ? operation.propagate : [],
    );
    return {
      ...split(rules),
      secret: secretIn(
        operations.flatMap((operation) => ('insert' in operation ? operation.insert : [])),
      ),
      extensions: [
        ...errors.all.allow_extensions_keys,
        ...errors.subgraphs['vcenter-session'].allow_extensions_keys,
      ],
      seconds: shaping.subgraphs['vcenter-session'].timeout,
      idleSeconds: shaping.subgraphs['vcenter-session'].pool_idle_timeout,
    };
  },
  'hive-router.config.yaml': () => {
    const {
      headers,
      error_masking: masking,
      traffic_shaping: shaping,
    } = hive.parse(read('hive-router.config.yaml'));
    const { request } = headers.subgraphs['vcenter-session'];
    return {
      ...split(request.flatMap((rule) => ('propagate' in rule ? rule.propagate : []))),
      secret: secretIn(
        request.flatMap((rule) =>
          'insert' in rule ? { name: rule.insert.name, value: rule.insert.value.from_env } : [],
        ),
      ),
      extensions: masking.subgraphs['vcenter-session'].extensions.keys,
      seconds: shaping.subgraphs['vcenter-session'].request_timeout,
      idleSeconds: shaping.subgraphs['vcenter-session'].pool_idle_timeout,
    };
  },
  'cosmo-router.config.yaml': () => {
    const {
      headers,
      subgraph_error_propagation: errors,
      traffic_shaping: shaping,
    } = cosmo.parse(read('cosmo-router.config.yaml'));
    const { request } = headers.subgraphs['vcenter-session'];
    return {
      ...split(request.flatMap((rule) => (rule.op === 'propagate' ? rule : []))),
      secret: secretIn(request.flatMap((rule) => (rule.op === 'set' ? rule : []))),
      extensions: errors.allowed_extension_fields,
      seconds: shaping.subgraphs['vcenter-session'].request_timeout,
    };
  },
};

const names = z.union([z.string().transform((name) => [name]), z.array(z.string())]);
const rule = z.union([z.strictObject({ named: names }), z.strictObject({ matching: z.string() })]);
const header = z.strictObject({ name: z.string(), value: z.string() });
const keys = z.array(z.string());
const duration = z
  .string()
  .regex(/^\d+s$/)
  .transform((text) => Number.parseInt(text, 10));

/** An object with one entry: that of the subgraph. No other subgraph is to get a token. */
function only<Schema extends z.ZodType>(schema: Schema) {
  return z.strictObject({ 'vcenter-session': schema });
}

const apollo = z.object({
  headers: z.strictObject({
    all: z.strictObject({
      request: z.strictObject({ masking: z.strictObject({ sensitive_headers: keys }) }),
    }),
    subgraphs: only(
      z.strictObject({
        request: z.strictObject({
          operations: z.array(
            z.union([z.strictObject({ propagate: rule }), z.strictObject({ insert: header })]),
          ),
        }),
      }),
    ),
  }),
  include_subgraph_errors: z.strictObject({
    all: z.strictObject({ redact_message: z.literal(true), allow_extensions_keys: keys }),
    subgraphs: only(
      z.strictObject({ redact_message: z.literal(false), allow_extensions_keys: keys }),
    ),
  }),
  traffic_shaping: z.object({
    subgraphs: only(z.object({ timeout: duration, pool_idle_timeout: duration })),
  }),
});

const hive = z.object({
  headers: z.strictObject({
    subgraphs: only(
      z.strictObject({
        request: z.array(
          z.union([
            z.strictObject({ propagate: rule }),
            z.strictObject({
              insert: z.strictObject({
                name: z.string(),
                value: z.strictObject({ from_env: z.string() }),
              }),
            }),
          ]),
        ),
      }),
    ),
  }),
  error_masking: z.object({
    subgraphs: only(
      z.strictObject({
        enabled: z.literal(false),
        extensions: z.strictObject({ mode: z.literal('allow'), keys }),
      }),
    ),
  }),
  traffic_shaping: z.object({
    subgraphs: only(z.object({ request_timeout: duration, pool_idle_timeout: duration })),
  }),
});

const cosmo = z.object({
  headers: z.strictObject({
    subgraphs: only(
      z.strictObject({
        request: z.array(
          z.discriminatedUnion('op', [
            z.strictObject({
              op: z.literal('propagate'),
              named: names.optional(),
              matching: z.string().optional(),
            }),
            z.strictObject({ op: z.literal('set'), name: z.string(), value: z.string() }),
          ]),
        ),
      }),
    ),
  }),
  subgraph_error_propagation: z.strictObject({
    mode: z.literal('pass-through'),
    omit_extensions: z.literal(false),
    allowed_extension_fields: keys,
  }),
  traffic_shaping: z.object({ subgraphs: only(z.object({ request_timeout: duration })) }),
});

function read(file: string): unknown {
  return parse(readFileSync(new URL(`../../examples/routers/${file}`, import.meta.url), 'utf8'));
}

function split(
  rules: readonly { named?: string[] | undefined; matching?: string | undefined }[],
): Pick<Recipe, 'names' | 'patterns'> {
  return {
    names: rules.flatMap(({ named = [] }) => named.map((name) => name.toLowerCase())),
    // Go writes a flag into the pattern that JavaScript has beside it.
    patterns: rules.flatMap(({ matching }) =>
      matching === undefined ? [] : new RegExp(matching.replace('(?i)', ''), 'i'),
    ),
  };
}

function secretIn(headers: readonly { name: string; value: string }[]): Recipe['secret'] {
  const [secret, ...others] = headers;
  if (secret === undefined || others.length > 0) throw new Error('a recipe must set one header');
  return [secret.name.toLowerCase(), secret.value];
}
