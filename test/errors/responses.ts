/** The responses that a vCenter declares, as the two API pages have them. */

export const sessionInfo = {
  user: 'Administrator@vsphere.local',
  created_time: '2026-11-22T04:10:00.123456+05:30',
  last_accessed_time: '2026-11-22T04:11:00Z',
};

export const userSession = {
  _typeName: 'UserSession',
  key: '52b8f1a5-9c3d-4e7a-8f21-0d6c4b9a7e13',
  userName: 'VSPHERE.LOCAL\\Administrator',
  fullName: 'Administrator vsphere.local',
  loginTime: '2026-11-21T22:40:00.123456Z',
  lastActiveTime: '2026-11-21T22:41:00Z',
  locale: 'en',
  messageLocale: 'en',
  extensionSession: false,
  ipAddress: '192.0.2.7',
  userAgent: 'Mozilla/5.0',
  callCount: 42,
};
