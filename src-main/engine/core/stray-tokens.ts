/** @file A token that a person signed in with is of one server: another address in the settings does not get it. */
import { EpicstarError } from '../domain/errors.ts';
import type { Secrets } from '../ports/secrets.ts';

const addressesWithTokens = [
  { name: 'githubApiUrl', tokens: ['github-token', 'github-grant'] },
  { name: 'onedevUrl', tokens: ['onedev-token'] },
] as const;

/** Names of the settings that say where tokens go. */
export type AddressName = (typeof addressesWithTokens)[number]['name'];

/**
 * @param change what an address was and what it is to be, as texts; empty: it is not set
 * @throws EpicstarError `config-invalid` where a stored token would go to another server
 */
export async function refuseStrayTokens(
  secrets: Pick<Secrets, 'origin' | 'isFixed'>,
  change: (name: AddressName) => Promise<{ readonly from: string; readonly to: string }>,
): Promise<void> {
  for (const { name, tokens } of addressesWithTokens) {
    const { from, to } = await change(name);
    if (from === '' || to === '' || isSameServer(from, to)) continue;
    for (const token of tokens) {
      if ((await secrets.origin(token)) === null || (await secrets.isFixed(token))) continue;
      throw new EpicstarError(
        'config-invalid',
        `${name}: a token of ${from} is stored, which is not sent elsewhere. Change the address under Accounts.`,
      );
    }
  }
}

/** GitHub's API and pages may be on hosts of their own: `api.github.com`, `github.com`. */
export function isSameServer(one: string, other: string): boolean {
  const serverOf = (address: string): string => new URL(address).origin.replace(/(?<=:\/\/)(?:api|www)\./, '');
  return URL.canParse(one) && URL.canParse(other) && serverOf(one) === serverOf(other);
}
