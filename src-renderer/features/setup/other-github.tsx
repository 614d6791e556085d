/** @file Which GitHub: github.com, or one of a company. */
import type { SetupView } from '../../../src-preload/contract/setup-views.ts';
import { Disclosure } from '../../ui/disclosure.tsx';
import { TextField } from '../../ui/fields.tsx';
import { githubHost } from './addresses.ts';
import { FixedNote } from './fixed-note.tsx';

interface OtherGithubProps {
  readonly setup: SetupView;
  readonly typed: string | null;
  readonly onTyped: (typed: string) => void;
  /** What was typed, made an address; null: it is none. */
  readonly address: string | null;
}

export function OtherGithub({ setup: { github, fixed }, typed, onTyped, address }: OtherGithubProps) {
  if (fixed.includes('githubApiUrl')) {
    return <FixedNote what="The address of GitHub" variable="EPICSTAR_GITHUB_API_URL" value={github.apiUrl} />;
  }
  return (
    <Disclosure summary="Another GitHub" aside={<bdi>{address === null ? 'not an address' : githubHost(address)}</bdi>}>
      <TextField
        label="Host or address of GitHub"
        kind="text"
        value={typed ?? github.apiUrl}
        onChange={onTyped}
        problem={address === null ? 'Enter a host such as github.example.com, or its address.' : null}
        hint={
          address === null ? (
            'For GitHub Enterprise Server or GHE.com.'
          ) : (
            <>
              For GitHub Enterprise Server or GHE.com. Used as <bdi>{address}</bdi>.
            </>
          )
        }
        isCode
      />
    </Disclosure>
  );
}
