/** @file The ways to sign in to GitHub: by a code, or by a token that the person made. */
import type { SetupView } from '../../../src-preload/contract/setup-views.ts';
import { useDesktop } from '../../connection/use-desktop.ts';
import { Button } from '../../ui/button.tsx';
import { lacksStorage, PlainSecretsNote } from '../../ui/desktop/allow-plain.tsx';
import { Disclosure } from '../../ui/disclosure.tsx';
import { ClientIdForm } from './client-id-form.tsx';
import { DeviceStart } from './device-start.tsx';
import { FixedNote } from './fixed-note.tsx';
import type { GithubDraftProps } from './github-draft.ts';
import { OtherGithub } from './other-github.tsx';
import { Panel } from './step-page.tsx';
import { TokenForm } from './token-form.tsx';
import { githubHost, readAddress } from './addresses.ts';

interface GithubSignInProps extends GithubDraftProps {
  readonly setup: SetupView;
  readonly isLive: boolean;
  /** Goes back to the account that is signed in; null: there is none. */
  readonly onKeep: (() => void) | null;
}

export function GithubSignIn({ setup, isLive, draft, onDraft, onKeep }: GithubSignInProps) {
  const { github } = setup;
  const desktop = useDesktop();
  const apiUrl = draft.host === null ? github.apiUrl : readAddress(draft.host);
  const host = apiUrl === null ? null : githubHost(apiUrl);
  const isKnownHost = host === githubHost(github.apiUrl);
  const token = (
    <TokenForm
      apiUrl={apiUrl}
      host={host ?? githubHost(github.apiUrl)}
      tokenPage={isKnownHost ? github.tokenPage : null}
      isLive={isLive}
      onUsed={onKeep}
    />
  );
  const stay = onKeep !== null && (
    <div className="buttons">
      <Button label={`Stay signed in as ${github.account?.login ?? 'before'}`} icon="close" onPress={onKeep} />
    </div>
  );
  // Whatever the way, it would come to nothing at its end.
  if (lacksStorage(desktop)) {
    return (
      <>
        <PlainSecretsNote />
        {stay}
      </>
    );
  }
  return (
    <>
      {github.canUseDeviceFlow ? (
        <>
          <Panel>
            <DeviceStart apiUrl={apiUrl} host={host} isLive={isLive} draft={draft} onDraft={onDraft} onKeep={onKeep} />
          </Panel>
          <Disclosure summary="Use a token instead">{token}</Disclosure>
        </>
      ) : (
        <div className="ways">
          <Panel title="With a token">{token}</Panel>
          <Panel title="With a code">
            {setup.fixed.includes('githubClientId') ? (
              <FixedNote what="That there is no client id" variable="EPICSTAR_GITHUB_CLIENT_ID" />
            ) : (
              <ClientIdForm appPage={isKnownHost ? github.appPage : null} isLive={isLive} />
            )}
          </Panel>
        </div>
      )}
      <OtherGithub setup={setup} typed={draft.host} onTyped={(host) => onDraft({ ...draft, host })} address={apiUrl} />
      {!github.canUseDeviceFlow && stay}
    </>
  );
}
