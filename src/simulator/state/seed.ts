import { hash } from 'node:crypto';
import type { SimulatorOptions } from '../options.ts';
import { bothApis, Sessions, sessionKey } from './sessions.ts';
import { Users } from './users.ts';
import type { VCenter } from './vcenter.ts';

/** The token of the administrator's session. */
export const demoToken = 'demo';

const userAgents = [
  'VMware vim-java 1.0',
  'govc/0.46.2',
  'PowerCLI/13.3',
  'pyvmomi/8.0.3',
  'VMware vSphere UI',
];

/** Creates the state of a vCenter with its first sessions. */
export function buildVCenter({
  name,
  ssoDomain = name === undefined ? 'vsphere.local' : `${name}.local`,
  separateSessions: separate = false,
  releases = ['8.0.1.0', '8.0.2.0', ...(separate ? [] : ['8.0.3.0'])],
  sessionManager = 'SessionManager',
  users = [],
  acceptAnyUser = true,
  demoSession = true,
  sessions = 0,
  idleMs = 30 * 60_000,
  maxSessions = 3_000,
  clock = Date.now,
  notAuthenticated: { vim25 = 'null', vapi = 'error' } = {},
}: SimulatorOptions): VCenter {
  const vcenter: VCenter = {
    sessions: new Sessions({ separate, idleMs, maxSessions, clock }),
    users: new Users({ ssoDomain, users, acceptAnyUser }),
    releases,
    sessionManager,
    instanceUuid: sessionKey(`instance ${name ?? ''}`),
    clock,
    notAuthenticated: { vim25, vapi },
  };
  if (demoSession) addDemoSession(vcenter, name);
  addOtherSessions(vcenter, name, sessions);
  return vcenter;
}

/** A client's address; the second number differs between vCenters. */
export function addressIn(name: string | undefined, host: number): string {
  const [network] = hash('sha256', name ?? '', 'buffer');
  return `10.${network}.${(host >> 8) & 255}.${host & 255}`;
}

function addDemoSession(vcenter: VCenter, name: string | undefined): void {
  vcenter.sessions.add(bothApis, {
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
    vcenter.sessions.add(bothApis, seed, now - (count - index) * 60_000);
  }
}
