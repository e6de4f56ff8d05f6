/** Whether a host name or an address, as it stands in a URL, is this machine's own. */
export function isLoopback(hostname: string): boolean {
  return /^(?:(?:[\w-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\]|::1)$/i.test(hostname);
}
