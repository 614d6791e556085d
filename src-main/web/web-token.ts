/**
 * @file The token that lets a browser in, and the cookie that it gets for it. The cookie is derived from the token, so
 * it survives a restart, is worthless once the token changes, and does not reveal the token to other servers on this
 * computer that the browser may send it to (cookies do not know ports).
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { EpicstarError } from '../engine/core/engine-api.ts';

const tokenBytes = 32;
const minTokenChars = 16;

/** The part of the secrets port that the web host needs. */
export interface TokenStore {
  read(name: 'web-token'): Promise<string | null>;
  write(name: 'web-token', value: string): Promise<void>;
}

/** The stored token, so that a bookmark goes on working; a new one of 256 bits is stored where there was none. */
export async function ensureWebToken(store: TokenStore): Promise<string> {
  const stored = await store.read('web-token');
  if (stored === null) {
    const token = randomBytes(tokenBytes).toString('base64url');
    await store.write('web-token', token);
    return token;
  }
  if (stored.length < minTokenChars) {
    throw new EpicstarError('config-invalid', `The web token has fewer than ${minTokenChars} characters.`);
  }
  return stored;
}

/** Compares in constant time, whatever the lengths. */
export function isSameSecret(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}

export function cookieValueOf(token: string): string {
  return createHmac('sha256', token).update('epicstar web cookie').digest('base64url');
}
