/** @file Who asks OneDev: a token from the secrets port, one that is at hand, or a user with a password. */
import { Buffer } from 'node:buffer';
import { EpicstarError } from '../../domain/errors.ts';
import type { Secrets } from '../../ports/secrets.ts';

export interface Credentials {
  /**
   * Value of the Authorization header at this moment. `Bearer` with a capital: OneDev knows no other.
   *
   * @throws EpicstarError `target-signed-out` where there is none that a header can carry
   */
  authorization(): Promise<string>;
}

export function storedToken(secrets: Secrets): Credentials {
  return { authorization: async () => bearer((await secrets.read('onedev-token'))?.trim() ?? '') };
}

export function tokenAtHand(token: string): Credentials {
  return { authorization: async () => bearer(token) };
}

/** @throws EpicstarError `target-signed-out` for what basic authentication cannot carry */
export function userWithPassword(user: string, password: string): Credentials {
  if (user === '' || password === '') {
    throw new EpicstarError('target-signed-out', 'Both the user name and the password are needed.');
  }
  if (/[:\p{Cc}]/u.test(user) || /\p{Cc}/u.test(password)) {
    throw new EpicstarError('target-signed-out', 'The user name or the password contains characters that none has.');
  }
  const encoded = Buffer.from(`${user}:${password}`, 'utf8').toString('base64');
  return { authorization: async () => `Basic ${encoded}` };
}

function bearer(token: string): string {
  if (token === '') throw new EpicstarError('target-signed-out', 'No token is set.');
  // A header cannot carry anything else, and fetch would repeat the token in its error.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new EpicstarError('target-signed-out', 'The token contains characters that no token has.');
  }
  return `Bearer ${token}`;
}
