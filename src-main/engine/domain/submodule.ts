/** @file Which repository the address of a submodule leads to. Pure; addresses are a stranger's text. */
import { isFullName } from './repository.ts';

/** Forms of one address: `https://host/owner/name`, `git://…`, `ssh://git@host/…`, `git@host:owner/name`. */
const whole = /^(?:https?|git|ssh|git\+ssh):\/\/(?:[^/@\s]*@)?([^/:\s]+)(?::\d+)?\/+(\S+)$/i;
const short = /^(?:[^@/\s]+@)([^/:\s]+):\/*(\S+)$/;

/**
 * `owner/name` of a submodule on the GitHub host of the repository that names it; null for everything else.
 *
 * @param host such as `github.com`
 * @param fullName of the repository that names it, for addresses such as `../other.git`
 */
export function fullNameOfAddress(address: string, host: string, fullName: string): string | null {
  if (/^\.{1,2}\//.test(address)) return resolveRelative(address, fullName);
  const match = whole.exec(address) ?? short.exec(address);
  if (match === null) return null;
  const [, namedHost = '', path = ''] = match;
  // ssh and https of one server have different ports.
  const name = host.replace(/:\d+$/, '').toLowerCase();
  const isHere = [name, `www.${name}`, `ssh.${name}`].includes(namedHost.toLowerCase());
  return isHere ? fullNameOfPath(path) : null;
}

function resolveRelative(address: string, fullName: string): string | null {
  const segments = fullName.split('/');
  for (const part of address.split('/')) {
    if (part === '.' || part === '') continue;
    if (part !== '..') segments.push(part);
    else if (segments.pop() === undefined) return null;
  }
  return fullNameOfPath(segments.join('/'));
}

function fullNameOfPath(path: string): string | null {
  const name = path.replace(/\/+$/, '').replace(/\.git$/i, '');
  return isFullName(name) ? name : null;
}
