/** @file From one configured address to GitHub's REST, web and git addresses. Pure; sends nothing. */
import { EpicstarError } from '../../domain/errors.ts';

export interface GithubAddresses {
  /** Base of all REST requests, without a trailing slash. */
  readonly apiUrl: string;
  /** Base of pages and git remotes, without a trailing slash. */
  readonly webUrl: string;
  /** For a person: host of `webUrl`, with the port where it is not the usual one. */
  readonly host: string;
}

export const defaultApiUrl = 'https://api.github.com';

/**
 * Understands the REST base of github.com, GitHub Enterprise Server (`https://HOST/api/v3`) and GHE.com
 * (`https://api.SUB.ghe.com`), and their web addresses too, since that is what people have at hand. An https address
 * without a path that is none of those is taken for a GitHub Enterprise Server, unless it is on this computer.
 * Anything else is used as it is, for REST and for git.
 *
 * Throws EpicstarError `config-invalid` for what is no such address, and `insecure-address` for plain http to a host
 * that is neither this computer nor in `allowInsecureHosts` (`host` or `host:port`).
 */
export function githubAddresses(address: string, allowInsecureHosts: readonly string[] = []): GithubAddresses {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new EpicstarError('config-invalid', 'The GitHub address is not an http or https address.');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new EpicstarError('config-invalid', 'The GitHub address has a user name, password, query or fragment in it.');
  }
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname) && !isNamed(url, allowInsecureHosts)) {
    throw new EpicstarError('insecure-address', `GitHub's address is ${url.protocol}//${url.host}.`);
  }
  const path = url.pathname.replace(/\/+$/, '');
  const { apiUrl, webUrl } = derive(url, path);
  return { apiUrl, webUrl, host: new URL(webUrl).host };
}

/** What `/graphql` is below: on a GitHub Enterprise Server `/api` and not, as REST, `/api/v3`. */
export function graphqlBaseOf(apiUrl: string): string {
  return apiUrl.replace(/\/api\/v3$/, '/api');
}

/** Whether a host name of a URL (`[::1]` with brackets) can only be this computer. */
export function isLoopbackHost(hostname: string): boolean {
  const name = hostname.toLowerCase();
  return name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || /^127(\.\d{1,3}){3}$/.test(name);
}

function isNamed(url: URL, hosts: readonly string[]): boolean {
  return hosts.some((host) => {
    const wanted = host.trim().toLowerCase();
    // People and settings write IPv6 addresses without the brackets of a URL.
    return [url.hostname, url.hostname.replace(/^\[|\]$/g, ''), url.host].includes(wanted);
  });
}

function derive(url: URL, path: string): { readonly apiUrl: string; readonly webUrl: string } {
  const { hostname, origin, port, protocol } = url;
  if (hostname === 'github.com' || hostname === 'www.github.com' || hostname === 'api.github.com') {
    return { apiUrl: defaultApiUrl, webUrl: 'https://github.com' };
  }
  const tenant = /^(?:api\.)?([a-z0-9-]+\.ghe\.com)$/.exec(hostname)?.[1];
  if (tenant !== undefined) return { apiUrl: `https://api.${tenant}`, webUrl: `https://${tenant}` };
  if (path.endsWith('/api/v3')) {
    const base = `${origin}${path}`;
    return { apiUrl: base, webUrl: base.slice(0, -'/api/v3'.length) };
  }
  if (path === '' && protocol === 'https:' && port === '' && !isLoopbackHost(hostname)) {
    return { apiUrl: `${origin}/api/v3`, webUrl: origin };
  }
  return { apiUrl: `${origin}${path}`, webUrl: `${origin}${path}` };
}
