/** @file Addresses as people type them. Pure. */

/** `onedev.example.org` -> `https://onedev.example.org`, without slashes at the end; null: no address of a server. */
export function readAddress(typed: string): string | null {
  const trimmed = typed.trim();
  if (trimmed === '') return null;
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`;
  if (!URL.canParse(text)) return null;
  const { protocol, username, password, hostname, search, hash, href } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') return null;
  // Browsers differ in what they take for a name, such as one with blanks in it.
  if (!/^([a-z0-9_.-]+|\[[0-9a-f:.]+\])$/i.test(hostname)) return null;
  if (username !== '' || password !== '' || search !== '' || hash !== '') return null;
  return href.replace(/\/+$/, '');
}

/** Whether what is sent there can be read on the way: plain http to another computer. */
export function isReadableOnTheWay(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'http:' && !isLoopback(hostname);
}

/** A host name as `URL` gives it: IPv6 in brackets. */
export function isLoopback(hostname: string): boolean {
  const name = hostname.toLowerCase();
  return name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || /^127(\.\d{1,3}){3}$/.test(name);
}

/** `https://api.github.com` and `https://github.com` are the same GitHub; other hosts by their name. */
export function githubHost(address: string): string {
  return new URL(address).host.replace(/^(api|www)\.(?=github\.com$|[^.]+\.ghe\.com$)/, '');
}
