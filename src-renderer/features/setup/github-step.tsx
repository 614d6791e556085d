/** @file The first step: who the stars belong to. Shows what fits the state of the sign-in. */
import { useState } from 'react';
import type { SetupView } from '../../../src-preload/contract/setup-views.ts';
import { EngineElsewhereHint } from '../../ui/desktop/engine-elsewhere.tsx';
import { FailureCallout } from '../../ui/failure-callout.tsx';
import { FixedNote } from './fixed-note.tsx';
import { GithubAccount } from './github-account.tsx';
import { GithubCode } from './github-code.tsx';
import type { GithubDraftProps } from './github-draft.ts';
import { GithubSignIn } from './github-sign-in.tsx';
import { GithubUnderWay } from './github-under-way.tsx';
import { PlaygroundHint } from './playground-hint.tsx';
import { StepPage } from './step-page.tsx';
import { isFirstSetup } from './steps.ts';

interface GithubStepProps extends GithubDraftProps {
  readonly setup: SetupView;
  readonly isLive: boolean;
}

export function GithubStep(props: GithubStepProps) {
  const { setup } = props;
  const isFirst = isFirstSetup(setup);
  return (
    <StepPage
      title="Sign in to GitHub"
      lead="epicstar reads which repositories you starred, and fetches them. It changes nothing there."
    >
      <GithubState {...props} />
      {isFirst && setup.github.state === 'signed-out' && <PlaygroundHint />}
      {isFirst && <EngineElsewhereHint />}
      <p className="visually-hidden" role="status">
        {describeState(setup)}
      </p>
    </StepPage>
  );
}

function GithubState({ setup, isLive, draft, onDraft }: GithubStepProps) {
  const { github, fixed } = setup;
  /** While signed in: whether another account is about to be signed in to. */
  const [isChanging, setIsChanging] = useState(false);
  if (isChanging && github.state !== 'signed-in') setIsChanging(false);
  switch (github.state) {
    case 'asking-for-code':
      return <GithubUnderWay title="Asking GitHub for a code" isLive={isLive} canCancel />;
    case 'checking':
      return <GithubUnderWay title="Checking at GitHub" isLive={isLive} canCancel={false} />;
    case 'waiting':
      // Between two updates a code may be missing; it is on its way.
      if (github.code === null) return <GithubUnderWay title="Waiting for GitHub" isLive={isLive} canCancel />;
      return <GithubCode code={github.code} isLive={isLive} />;
    case 'signed-in':
      if (github.account === null)
        return <GithubUnderWay title="Checking at GitHub" isLive={isLive} canCancel={false} />;
      if (!isChanging) {
        return (
          <>
            <FailureCallout failure={github.error} />
            <GithubAccount
              setup={setup}
              account={github.account}
              isLive={isLive}
              onChangeAccount={() => setIsChanging(true)}
            />
          </>
        );
      }
      return (
        <GithubSignIn
          setup={setup}
          isLive={isLive}
          draft={draft}
          onDraft={onDraft}
          onKeep={() => setIsChanging(false)}
        />
      );
    case 'signed-out':
      return (
        <>
          <FailureCallout failure={github.error} />
          {fixed.includes('github-token') ? (
            <FixedNote what="The token for GitHub" variable="EPICSTAR_GITHUB_TOKEN" isSecret />
          ) : (
            <GithubSignIn setup={setup} isLive={isLive} draft={draft} onDraft={onDraft} onKeep={null} />
          )}
        </>
      );
  }
}

function describeState({ github }: SetupView): string {
  switch (github.state) {
    case 'asking-for-code':
      return 'Asking GitHub for a code.';
    case 'waiting':
      return 'There is a code to enter on GitHub’s page.';
    case 'checking':
      return 'Checking at GitHub.';
    case 'signed-in':
      return `Signed in as ${github.account?.login ?? 'unknown'}.`;
    case 'signed-out':
      return '';
  }
}
