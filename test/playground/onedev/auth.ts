/** @file Which credentials OneDev takes, on REST and git alike. Case of the scheme matters, as measured. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Authentication, Token } from './types.ts';
import type { World } from './world.ts';

const anonymous: Authentication = { kind: 'anonymous' };
const invalid: Authentication = { kind: 'invalid' };

/** `OneDevAuthorization` wins over `Authorization`; a header that cannot be understood counts as none. */
export function authenticate(world: World, headers: IncomingHttpHeaders): Authentication {
  const own = headers['onedevauthorization'];
  const header = typeof own === 'string' ? own : headers.authorization;
  const space = header?.indexOf(' ') ?? -1;
  if (header === undefined || space < 0) {
    return anonymous;
  }
  const credentials = header.slice(space + 1).trim();
  switch (header.slice(0, space)) {
    case 'Bearer':
    case 'token':
      return ofToken(world, findToken(world, credentials));
    case 'Basic':
      return ofBasic(world, credentials);
    default:
      return anonymous;
  }
}

function ofBasic(world: World, credentials: string): Authentication {
  const decoded = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 0) {
    return anonymous;
  }
  const name = decoded.slice(0, colon);
  const password = decoded.slice(colon + 1);
  const token = findToken(world, name) ?? findToken(world, password);
  if (token !== undefined) {
    return ofToken(world, token);
  }
  const user = world.users.values().find((row) => row.name === name && row.password === password);
  return user === undefined ? invalid : { kind: 'known', principal: { kind: 'user', user }, tokenName: null };
}

function findToken(world: World, value: string): Token | undefined {
  return world.tokens.values().find((row) => row.value === value);
}

function ofToken(world: World, token: Token | undefined): Authentication {
  const owner = token === undefined ? undefined : world.users.get(token.ownerId);
  const expired = token?.expireDate !== null && token !== undefined && token.expireDate.getTime() < Date.now();
  if (token === undefined || owner === undefined || expired) {
    return invalid;
  }
  const principal = token.hasOwnerPermissions
    ? { kind: 'user' as const, user: owner }
    : { kind: 'token' as const, token };
  return { kind: 'known', principal, tokenName: token.name };
}
