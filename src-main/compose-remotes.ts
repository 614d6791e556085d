/** @file Remotes that a person names, read by the rules of the house: no plain http to others, no secret in an address. */
import { isAbsolute } from 'node:path';
import { EpicstarError } from './engine/domain/errors.ts';
import { isSecure } from './engine/adapters/onedev/address.ts';
import type { Settings } from './engine/adapters/system/settings.ts';
import type { ReadOtherRemote } from './engine/ports/other-remote.ts';

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
    if (!isSecure(address, allowInsecureHosts)) {
      throw new EpicstarError('insecure-address', `The address is on ${url.host}.`);
    }
    if (/[:\p{Cc}]/u.test(user) || /\p{Cc}/u.test(token)) {
      throw refused('The user or the token contains characters that none has.');
    }
    return { url: `${url.origin}${url.pathname}`, transport: 'http', authorization: authorizationOf(user, token) };
  };
}

function authorizationOf(user: string, token: string): string | null {
  if (token === '') return null;
  return `Basic ${Buffer.from(`${user === '' ? anyUser : user}:${token}`, 'utf8').toString('base64')}`;
}

function refused(words: string): EpicstarError {
  return new EpicstarError('config-invalid', words);
}
