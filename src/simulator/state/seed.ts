import { createHash } from 'node:crypto';
import type { SimulatorOptions } from '../options.ts';
import { Sessions, sessionKey } from './sessions.ts';
import { Users } from './users.ts';
import type { VCenter } from './vcenter.ts';

/** The token of the administrator's session. */
export const demoToken = 'demo';

const defaultIdleMs = 30 * 60_000;
const defaultMaxSessions = 3_000;
const userAgents = [
  'VMware vim-java 1.0',
  'govc/0.46.2',
  'PowerCLI/13.3',
  'pyvmomi/8.0.3',
  'VMware vSphere UI',
];

/** Creates the state of a vCenter with its first sessions. */
export function buildVCenter(options: SimulatorOptions): VCenter {
  const { separateSessions = false, name, sessionManager = 'SessionManager' } = options;
  const clock = options.clock ?? Date.now;
  const ssoDomain = options.ssoDomain ?? (name === undefined ? 'vsphere.local' : `${name}.local`);
  const vcenter: VCenter = {
    sessions: new Sessions({
      separate: separateSessions,
      idleMs: options.idleMs ?? defaultIdleMs,
      maxSessions: options.maxSessions ?? defaultMaxSessions,
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

/** A client's address; the second number differs between vCenters. */
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
    token: demoToken,
    key: sessionKey(`${name ?? ''} ${demoToken}`),
    ipAddress: addressIn(name, 1),
    userAgent: 'VMware vSphere UI',
    neverExpires: true,
  });
}

/** Sessions of users who logged in a minute apart, the last of them a minute ago. */
function addOtherSessions(vcenter: VCenter, name: string | undefined, count: number): void {
  const now = vcenter.clock();
  for (let index = 0; index < count; index += 1) {
    const seed = {
      principal: vcenter.users.principal(`user${String(index + 1).padStart(4, '0')}`),
      key: sessionKey(`${name ?? ''} seeded ${index}`),
      ipAddress: addressIn(name, index + 2),
      userAgent: userAgents[index % userAgents.length] ?? '',
      extensionSession: index % 10 === 9,
      neverExpires: true,
    };
    vcenter.sessions.add(['vapi', 'vim25'], seed, now - (count - index) * 60_000);
  }
}
