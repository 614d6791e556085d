/** @file The GitHub token on its way from the secrets port to a header. */
import { EpicstarError, toEpicstarError } from '../../domain/errors.ts';
import type { Secrets } from '../../ports/secrets.ts';

/**
 * The token of this moment; null where there is none. Rejects with EpicstarError `github-signed-out` for a text that
 * no header can carry: refused here, since errors about bad headers repeat the header.
 */
export async function readToken(secrets: Secrets): Promise<string | null> {
  const token = await secrets.read('github-token').catch((error: unknown) => {
    throw toEpicstarError(error);
  });
  if (token === null || token === '') return null;
  if (!/^[\x21-\x7e]{1,1000}$/.test(token)) {
    throw new EpicstarError('github-signed-out', 'The stored token has characters in it that no token has.');
  }
  return token;
}

/** Tokens of GitHub Apps and fine-grained ones have permissions; only the others have scopes. */
export function hasScopes(token: string): boolean {
  return !/^(github_pat_|ghu_|ghs_)/.test(token);
}
