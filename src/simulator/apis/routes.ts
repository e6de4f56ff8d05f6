/** The two APIs of a vCenter that have sessions. */
export type Api = 'vapi' | 'vim25';

/** The operations of vAPI: `createSession`, `getSession`, `deleteSession` are POST, GET, DELETE of `/api/session`. */
const vapiOperations = ['createSession', 'getSession', 'deleteSession', 'hello'] as const;

/** The operations of vim25, named as in the paths of VI/JSON. */
const vim25Operations = ['currentSession', 'sessionList', 'Login', 'Logout', 'content'] as const;

/** The operations of both APIs. */
export const operations = [...vapiOperations, ...vim25Operations] as const;

export type VapiOperation = (typeof vapiOperations)[number];
export type Vim25Operation = (typeof vim25Operations)[number];
export type Operation = (typeof operations)[number];

/** The managed object that a VI/JSON path names. */
export interface ManagedObjectPath {
  readonly release: string;
  readonly type: string;
  readonly moId: string;
}

/** The operation of a request. */
export type Route =
  | { readonly api: 'vapi'; readonly operation: VapiOperation }
  | {
      readonly api: 'vim25';
      readonly operation: Vim25Operation;
      readonly target: ManagedObjectPath;
    }
  | {
      readonly api: Api | 'other';
      readonly operation: 'unknown';
      readonly allow: string | undefined;
    };

const sessionOperations: Readonly<Record<string, VapiOperation>> = {
  POST: 'createSession',
  GET: 'getSession',
  DELETE: 'deleteSession',
};

const vim25Methods: Readonly<
  Record<string, { method: string; type: string; operation: Vim25Operation }>
> = Object.fromEntries(
  (
    [
      ['GET', 'SessionManager', 'currentSession'],
      ['GET', 'SessionManager', 'sessionList'],
      ['POST', 'SessionManager', 'Login'],
      ['POST', 'SessionManager', 'Logout'],
      ['GET', 'ServiceInstance', 'content'],
    ] as const
  ).map(([method, type, operation]) => [`${type}/${operation}`, { method, type, operation }]),
);

const vim25Prefix = '/sdk/vim25/';

/** Finds the operation of a request: `unknown` with `allow` is a wrong method, `unknown` without it a wrong path. */
export function findRoute(method: string, url: string): Route {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  if (path.startsWith(vim25Prefix)) return findVim25Route(method, path.slice(vim25Prefix.length));
  if (path === '/api/session') {
    const operation = sessionOperations[method];
    if (operation !== undefined) return { api: 'vapi', operation };
    return { api: 'vapi', operation: 'unknown', allow: Object.keys(sessionOperations).join(', ') };
  }
  if (path === '/api/vcenter/system' && isHello(mark < 0 ? '' : url.slice(mark + 1))) {
    if (method === 'POST') return { api: 'vapi', operation: 'hello' };
    return { api: 'vapi', operation: 'unknown', allow: 'POST' };
  }
  return {
    api: path.startsWith('/api/') ? 'vapi' : 'other',
    operation: 'unknown',
    allow: undefined,
  };
}

function isHello(query: string): boolean {
  return new URLSearchParams(query).get('action') === 'hello';
}

function findVim25Route(method: string, rest: string): Route {
  const [release, type, moId, name, ...more] = rest.split('/').map(decode);
  const found = vim25Methods[`${type}/${name}`];
  if (release === undefined || moId === undefined || found === undefined || more.length > 0) {
    return { api: 'vim25', operation: 'unknown', allow: undefined };
  }
  if (found.method !== method) return { api: 'vim25', operation: 'unknown', allow: found.method };
  return { api: 'vim25', operation: found.operation, target: { release, type: found.type, moId } };
}

/** A segment that cannot be decoded stays as it is, so that it is not found. */
function decode(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
