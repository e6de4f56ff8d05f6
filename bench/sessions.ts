/** What the double returns, and so what the servers under load must return. */

/** vAPI's `Session_Info` of a token. */
export function sessionInfoOf(token: string) {
  return {
    user: `user-${token}@vsphere.local`,
    created_time: '2026-11-22T04:10:00.123Z',
    last_accessed_time: '2026-11-22T04:15:42.001Z',
  };
}

/** vim25's `UserSession` of a token. */
export function userSessionOf(token: string) {
  return {
    _typeName: 'UserSession',
    key: keyOf(token),
    userName: `VSPHERE.LOCAL\\user-${token}`,
    fullName: `User ${token}`,
    loginTime: '2026-11-22T04:10:00.123456+05:30',
    lastActiveTime: '2026-11-22T04:15:42.001Z',
    locale: 'en',
    messageLocale: 'en',
    extensionSession: false,
    ipAddress: '192.0.2.17',
    userAgent: 'VMware vim-java 1.0',
    callCount: 1234,
  };
}

/** The value of vim25's `sessionList`. */
export function sessionListOf(count: number) {
  return Array.from({ length: count }, (_, index) => userSessionOf(listedToken(index)));
}

/** The token whose session stands at this place of the list. */
export function listedToken(index: number): string {
  return `listed${index}`;
}

/** vim25's name for a session: in the form of a UUID, as on a real vCenter. */
export function keyOf(token: string): string {
  const hex = Buffer.from(token).toString('hex').padStart(32, '0').slice(-32);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}
