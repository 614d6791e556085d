/** @file The address of a OneDev server: what is accepted as one, and when plain http is. Pure. */
import { EpicstarError } from '../../domain/errors.ts';

/**
 * The address without a trailing slash, in the form that URLs are built from by appending.
 *
 * @throws EpicstarError `config-invalid` for anything but an http(s) URL without user, query and fragment
 */
export function parseAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new EpicstarError('config-invalid', 'The OneDev address must be a URL such as https://onedev.example.com.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new EpicstarError('config-invalid', 'The OneDev address must not contain a user or password.');
  }
  if (url.search !== '' || url.hash !== '') {
    throw new EpicstarError('config-invalid', 'The OneDev address must have no query and no fragment.');
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** Whether tokens may travel to this address: by https, on loopback, or to a host that the user named. */
export function isSecure(address: string, allowInsecureHosts: readonly string[]): boolean {
  const url = new URL(address);
  if (url.protocol === 'https:' || isLoopback(url.hostname)) return true;
  // People and settings write IPv6 addresses without the brackets of a URL.
  const names = [url.hostname, url.hostname.replace(/^\[|\]$/g, ''), url.host];
  return allowInsecureHosts.some((host) => names.includes(host.toLowerCase()));
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
