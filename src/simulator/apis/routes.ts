/** The two APIs of a vCenter that know sessions. */
export type Api = 'vapi' | 'vim25';

/** `createSession`, `getSession`, `deleteSession` are POST, GET, DELETE on `/api/session`. */
export type VapiOperation = 'createSession' | 'getSession' | 'deleteSession' | 'hello';

/** The names that VI/JSON has in its paths. */
export type Vim25Operation = 'currentSession' | 'sessionList' | 'Login' | 'Logout' | 'content';

/** An operation of either API. */
export type Operation = VapiOperation | Vim25Operation;

/** The names of all operations. */
export const OPERATIONS: readonly Operation[] = [
  'createSession',
  'getSession',
  'deleteSession',
  'hello',
  'currentSession',
  'sessionList',
  'Login',
  'Logout',
  'content',
];

/** The managed object that a VI/JSON path names. */
export interface ManagedObjectPath {
  readonly release: string;
  readonly type: string;
  readonly moId: string;
}

/** Where a request goes. */
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

const SESSION_METHODS: ReadonlyMap<string, VapiOperation> = new Map([
  ['POST', 'createSession'],
  ['GET', 'getSession'],
  ['DELETE', 'deleteSession'],
]);

const VIM25_METHODS: ReadonlyMap<
  string,
  { method: string; type: string; operation: Vim25Operation }
> = new Map([
  [
    'SessionManager/currentSession',
    { method: 'GET', type: 'SessionManager', operation: 'currentSession' },
  ],
  [
    'SessionManager/sessionList',
    { method: 'GET', type: 'SessionManager', operation: 'sessionList' },
  ],
  ['SessionManager/Login', { method: 'POST', type: 'SessionManager', operation: 'Login' }],
  ['SessionManager/Logout', { method: 'POST', type: 'SessionManager', operation: 'Logout' }],
  ['ServiceInstance/content', { method: 'GET', type: 'ServiceInstance', operation: 'content' }],
]);

const VIM25_PREFIX = '/sdk/vim25/';

/** Finds the operation of a request. `operation: 'unknown'` with `allow` is a wrong method, without it a wrong path. */
export function findRoute(method: string, url: string): Route {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  if (path.startsWith(VIM25_PREFIX)) return findVim25Route(method, path.slice(VIM25_PREFIX.length));
  if (path === '/api/session') {
    const operation = SESSION_METHODS.get(method);
    if (operation !== undefined) return { api: 'vapi', operation };
    return { api: 'vapi', operation: 'unknown', allow: [...SESSION_METHODS.keys()].join(', ') };
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
  const found = VIM25_METHODS.get(`${type}/${name}`);
  if (release === undefined || moId === undefined || found === undefined || more.length > 0) {
    return { api: 'vim25', operation: 'unknown', allow: undefined };
  }
  if (found.method !== method) return { api: 'vim25', operation: 'unknown', allow: found.method };
  return { api: 'vim25', operation: found.operation, target: { release, type: found.type, moId } };
}

/** A segment that cannot be decoded names nothing, so it stays as it is and is not found. */
function decode(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
