/** @file Who is signed in to GitHub, and where mirrors go, with the ways to change either. */
import { useState } from 'react';
import type { GithubAccountView, SetupView } from '../../../src-preload/contract/setup-views.ts';
import { Button } from '../../ui/button.tsx';
import { Callout } from '../../ui/callout.tsx';
import { formatFullTime } from '../../ui/format.ts';
import { LinkButton } from '../../ui/link-button.tsx';
import { Section } from '../../ui/pieces.tsx';
import { SignOutDialog } from './sign-out-dialog.tsx';

interface AccountsSectionProps {
  readonly setup: SetupView;
  readonly isLive: boolean;
}

export function AccountsSection({ setup, isLive }: AccountsSectionProps) {
  return (
    <Section title="Accounts">
      <div className="settings-rows">
        <GithubPlace setup={setup} isLive={isLive} />
        <TargetPlace setup={setup} />
      </div>
    </Section>
  );
}

function GithubPlace({ setup, isLive }: AccountsSectionProps) {
  const [isLeaving, setIsLeaving] = useState(false);
  const { state, account, error } = setup.github;
  const isFixed = setup.fixed.includes('github-token');
  return (
    <section className="place" aria-label="GitHub">
      <div className="place-words">
        <h3 className="place-title">GitHub</h3>
        {account === null ? <NoAccount state={state} error={error} /> : <Account account={account} />}
        {isFixed && <p className="field-hint">The token is decided outside and cannot be changed here.</p>}
      </div>
      <div className="buttons">
        {!isFixed && <LinkButton href="/setup/github" label={signInLabel(state)} icon="key" />}
        {account !== null && !isFixed && (
          <Button label="Sign out" icon="close" isOff={!isLive} onPress={() => setIsLeaving(true)} />
        )}
      </div>
      {account !== null && (
        <SignOutDialog account={account} isOpen={isLeaving} isLive={isLive} onClose={() => setIsLeaving(false)} />
      )}
    </section>
  );
}

function signInLabel(state: SetupView['github']['state']): string {
  if (state === 'signed-in') return 'Change';
  return state === 'signed-out' ? 'Sign in' : 'Go on with it';
}

function NoAccount({ state, error }: Pick<SetupView['github'], 'state' | 'error'>) {
  if (state === 'waiting') return <p>A sign-in is under way and waits for you.</p>;
  if (state !== 'signed-out') return <p>A sign-in is under way.</p>;
  return (
    <>
      <p>Nobody is signed in. Stars are not looked at until somebody is.</p>
      {error !== null && (
        <p className="field-hint">
          {error.message} {error.nextStep}
        </p>
      )}
    </>
  );
}

function Account({ account }: { readonly account: GithubAccountView }) {
  const { login, host, tokenFrom, scopes, expiresAt, limits } = account;
  return (
    <>
      <p>
        Signed in to <bdi>{host}</bdi> as <strong>{<bdi>{login}</bdi>}</strong>
      </p>
      <p className="field-hint">
        Token: <bdi>{tokenFrom}</bdi>.
        {scopes !== null && (
          <>
            {' '}
            {scopes.length === 0 ? 'No scopes, so it reads what is public.' : <bdi>Scopes: {scopes.join(', ')}.</bdi>}
          </>
        )}
        {expiresAt !== null && ` Good until ${formatFullTime(expiresAt)}.`}
      </p>
      {limits.length > 0 && (
        <Callout kind="warning" title="What this sign-in may not do">
          <ul className="plain-list">
            {limits.map((limit) => (
              <li key={limit}>
                <bdi>{limit}</bdi>
              </li>
            ))}
          </ul>
        </Callout>
      )}
    </>
  );
}

function TargetPlace({ setup: { target, fixed } }: { readonly setup: SetupView }) {
  return (
    <section className="place" aria-label="Mirrors">
      <div className="place-words">
        <h3 className="place-title">Mirrors</h3>
        {target === null ? (
          <p>It was not chosen yet where mirrors go.</p>
        ) : (
          <p>
            {target.kind === 'onedev' ? 'In OneDev at ' : 'In the folder '}
            <strong>
              <bdi>{target.address}</bdi>
            </strong>
            {target.root !== null && (
              <>
                , below <bdi>{target.root}</bdi>
              </>
            )}
          </p>
        )}
        {target?.kind === 'onedev' && !target.hasToken && (
          <p className="field-problem">An access token for it is still missing.</p>
        )}
        {fixed.includes('onedev-token') && <p className="field-hint">Its token is decided outside.</p>}
      </div>
      <div className="buttons">
        <LinkButton href="/setup/target" label={target === null ? 'Choose' : 'Change'} icon="arrow" />
      </div>
    </section>
  );
}
