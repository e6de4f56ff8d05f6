import { createHash } from 'node:crypto';
import type { SimulatorOptions } from '../options.ts';
import { Sessions, sessionKey } from './sessions.ts';
import { Users } from './users.ts';
import type { VCenter } from './vcenter.ts';

/** The token that is known from the start. */
export const DEMO_TOKEN = 'demo';

const DEFAULT_IDLE_MS = 30 * 60_000;
const DEFAULT_MAX_SESSIONS = 3_000;
const USER_AGENTS = [
  'VMware vim-java 1.0',
  'govc/0.46.2',
  'PowerCLI/13.3',
  'pyvmomi/8.0.3',
  'VMware vSphere UI',
];

/** Builds the vCenter that the options describe, with whoever is logged on from the start. */
export function buildVCenter(options: SimulatorOptions): VCenter {
  const { separateSessions = false, name, sessionManager = 'SessionManager' } = options;
  const clock = options.clock ?? Date.now;
  const ssoDomain = options.ssoDomain ?? (name === undefined ? 'vsphere.local' : `${name}.local`);
  const vcenter: VCenter = {
    sessions: new Sessions({
      separate: separateSessions,
      idleMs: options.idleMs ?? DEFAULT_IDLE_MS,
      maxSessions: options.maxSessions ?? DEFAULT_MAX_SESSIONS,
      clock,
    }),
    users: new Users({
      ssoDomain,
      users: options.users ?? [],
      acceptAnyUser: options.acceptAnyUser ?? true,
    }),
    releases: options.releases ?? ['8.0.1.0', '8.0.2.0', ...(separateSessions ? [] : ['8.0.3.0'])],
    sessionManager,
    instanceUuid: sessionKey(`instance ${name ?? ''}`),
    clock,
    notAuthenticated: {
      vim25: options.notAuthenticated?.vim25 ?? 'null',
      vapi: options.notAuthenticated?.vapi ?? 'error',
    },
  };
  if (options.demoSession ?? true) addDemoSession(vcenter, name);
  addOtherSessions(vcenter, name, options.sessions ?? 0);
  return vcenter;
}

/** The address of somebody's machine; the second number tells one vCenter's network from another's. */
export function addressIn(name: string | undefined, host: number): string {
  const network =
    createHash('sha256')
      .update(name ?? '')
      .digest()[0] ?? 0;
  return `10.${network}.${(host >> 8) & 255}.${host & 255}`;
}

function addDemoSession(vcenter: VCenter, name: string | undefined): void {
  vcenter.sessions.add(['vapi', 'vim25'], {
    principal: vcenter.users.administrator(),
    token: DEMO_TOKEN,
    key: sessionKey(`${name ?? ''} ${DEMO_TOKEN}`),
    ipAddress: addressIn(name, 1),
    userAgent: 'VMware vSphere UI',
    neverExpires: true,
  });
}

/** People who logged on one after the other, a minute apart, the last of them a minute ago. */
function addOtherSessions(vcenter: VCenter, name: string | undefined, count: number): void {
  const now = vcenter.clock();
  for (let index = 0; index < count; index += 1) {
    const seed = {
      principal: vcenter.users.principal(`user${String(index + 1).padStart(4, '0')}`),
      key: sessionKey(`${name ?? ''} seeded ${index}`),
      ipAddress: addressIn(name, index + 2),
      userAgent: USER_AGENTS[index % USER_AGENTS.length] ?? '',
      extensionSession: index % 10 === 9,
      neverExpires: true,
    };
    vcenter.sessions.add(['vapi', 'vim25'], seed, now - (count - index) * 60_000);
  }
}
