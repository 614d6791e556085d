/** @file Remotes that a person names, read by the rules of the house: no plain http to others, no secret in an address. */
import { BlockList, isIP } from 'node:net';
import { isAbsolute } from 'node:path';
import { EpicstarError } from './engine/domain/errors.ts';
import { isSecure } from './engine/adapters/onedev/address.ts';
import type { Settings } from './engine/adapters/system/settings.ts';
import type { ReadOtherRemote } from './engine/ports/other-remote.ts';

const thisComputer = blockList([
  ['127.0.0.0', 8, 'ipv4'],
  ['0.0.0.0', 8, 'ipv4'],
  ['::', 127, 'ipv6'],
]);
const linkLocal = blockList([
  ['169.254.0.0', 16, 'ipv4'],
  ['fe80::', 10, 'ipv6'],
  // The same of another cloud.
  ['fd00:ec2::', 32, 'ipv6'],
]);

function blockList(subnets: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[]): BlockList {
  const blocks = new BlockList();
  for (const subnet of subnets) blocks.addSubnet(...subnet);
  return blocks;
}

/** What servers take for a user beside a token: GitHub says so, the others look at the token alone. */
const anyUser = 'x-access-token';

export function otherRemotesOf({ allowInsecureHosts }: Pick<Settings, 'allowInsecureHosts'>): ReadOtherRemote {
  return ({ address, user, token }, takesPaths) => {
    if (takesPaths && isAbsolute(address)) return { url: address, transport: 'file', authorization: null };
    const url = URL.canParse(address) ? new URL(address) : null;
    if (url === null || !/^https?:$/.test(url.protocol)) {
      throw refused('The address has to begin with https://; ssh is not supported.');
    }
    if (url.username !== '' || url.password !== '') {
      throw refused('The address must not contain a user or password: they are entered on their own.');
    }
    if (url.search !== '' || url.hash !== '') throw refused('The address must have no query and no fragment.');
    if (isLinkLocal(url.hostname)) throw refused(`${url.host} is an address that no git server has.`);
    const isNamed = allowInsecureHosts.some((host) => [url.host, bare(url.hostname)].includes(host.toLowerCase()));
    if (!takesPaths && !isNamed && isOfThisComputer(url.hostname)) {
      throw refused(
        `${url.host} is the computer that epicstar runs on. Push there from its command line, or name it in EPICSTAR_ALLOW_INSECURE.`,
      );
    }
    if (!isSecure(address, allowInsecureHosts)) {
      throw new EpicstarError('insecure-address', `The address is on ${url.host}.`);
    }
    if (/[:\p{Cc}]/u.test(user) || /\p{Cc}/u.test(token)) {
      throw refused('The user or the token contains characters that none has.');
    }
    return { url: `${url.origin}${url.pathname}`, transport: 'http', authorization: authorizationOf(user, token) };
  };
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/** Whoever sits at the window of a server is not to reach what listens there for the server alone. */
function isOfThisComputer(hostname: string): boolean {
  const name = bare(hostname);
  if (isIP(name) === 0) return name === 'localhost' || name.endsWith('.localhost');
  return thisComputer.check(name, isIP(name) === 6 ? 'ipv6' : 'ipv4');
}

/** Where clouds keep the keys of their machines. */
function isLinkLocal(hostname: string): boolean {
  const name = bare(hostname);
  return isIP(name) !== 0 && linkLocal.check(name, isIP(name) === 6 ? 'ipv6' : 'ipv4');
}

function authorizationOf(user: string, token: string): string | null {
  if (token === '') return null;
  return `Basic ${Buffer.from(`${user === '' ? anyUser : user}:${token}`, 'utf8').toString('base64')}`;
}

function refused(words: string): EpicstarError {
  return new EpicstarError('config-invalid', words);
}
