/** @file Where the files of a remote are asked for and sent, and where no credentials may go. Pure. */
import { BlockList, isIP } from 'node:net';
import { join } from 'node:path';
import type { GitRemote } from '../../ports/git.ts';

function withGit(url: string): string {
  return url.endsWith('.git') ? url : `${url}.git`;
}

/** @see https://github.com/git-lfs/git-lfs/blob/main/docs/api/server-discovery.md */
export function lfsBaseOf(remote: GitRemote): string {
  return `${withGit(remote.url)}/info/lfs`;
}

/** Where git-lfs keeps the file in a repository on a disk. */
export function objectPath(repositoryDir: string, oid: string): string {
  return join(repositoryDir, 'lfs', 'objects', oid.slice(0, 2), oid.slice(2, 4), oid);
}

export type Href =
  | { readonly kind: 'usable'; readonly url: string }
  | { readonly kind: 'unusable'; readonly words: string };

function parse(href: string): URL | null {
  const url = URL.canParse(href) ? new URL(href) : null;
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' ? url : null;
}

const inside = new BlockList();
for (const [address, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  inside.addSubnet(address, bits, 'ipv4');
}
for (const [address, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const) {
  inside.addSubnet(address, bits, 'ipv6');
}

/** Whether an address names this computer or a network that is not the internet's: only who is there himself sends there. */
function isInside(hostname: string): boolean {
  const host = hostname
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  // A mapped address is checked as the one inside it.
  return isIP(host) !== 0 && inside.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
}

/** GitHub keeps files on other hosts; they are reached by https where GitHub is. */
export function downloadHref(remote: GitRemote, href: string): Href {
  const url = parse(href);
  if (url === null) return { kind: 'unusable', words: 'it is kept at an address that is not one' };
  if (isInside(url.hostname) && !isInside(new URL(remote.url).hostname)) {
    return { kind: 'unusable', words: `it is kept at ${url.host}, which is no public address` };
  }
  if (url.protocol === 'http:' && remote.url.startsWith('https:')) {
    return { kind: 'unusable', words: `it is kept at ${url.host}, which is reached without encryption` };
  }
  return { kind: 'usable', url: url.href };
}

/**
 * A mirror server names itself by the address in its settings, which may be wrong, or another name for the same server.
 * Nothing goes there: the same path is used below the address that the mirror has here.
 */
export function uploadHref(remote: GitRemote, href: string, oid: string): Href {
  const url = parse(href);
  if (url === null) return { kind: 'unusable', words: 'The mirror server names no address for files of LFS.' };
  const own = new URL(remote.url);
  if (url.origin === own.origin) return { kind: 'usable', url: url.href };
  if (url.pathname.endsWith(`.git/lfs/objects/${oid}`)) {
    return { kind: 'usable', url: `${withGit(remote.url)}/lfs/objects/${oid}${url.search}` };
  }
  return {
    kind: 'unusable',
    words: `The mirror server wants files of LFS to be sent to ${url.origin}, but its address here is ${own.origin}. Correct the server URL in its settings.`,
  };
}
