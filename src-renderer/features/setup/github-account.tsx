/** @file Who is signed in, by what, and what that may not do. */
import { useRef } from 'react';
import type { GithubAccountView, SetupView } from '../../../src-preload/contract/setup-views.ts';
import { useClient } from '../../connection/client-context.tsx';
import { useAttempt } from '../../connection/use-attempt.ts';
import { Button } from '../../ui/button.tsx';
import { Callout } from '../../ui/callout.tsx';
import { FailureCallout } from '../../ui/failure-callout.tsx';
import { formatFullTime } from '../../ui/format.ts';
import { LinkButton } from '../../ui/link-button.tsx';
import { useFocusWhenLost } from '../../ui/use-focus-when-lost.ts';
import { Panel } from './step-page.tsx';
import { pathAfter } from './steps.ts';

interface GithubAccountProps {
  readonly setup: SetupView;
  readonly account: GithubAccountView;
  readonly isLive: boolean;
  readonly onChangeAccount: () => void;
}

export function GithubAccount({ setup, account, isLive, onChangeAccount }: GithubAccountProps) {
  const client = useClient();
  const { busy, failure, run } = useAttempt();
  const heading = useRef<HTMLHeadingElement>(null);
  useFocusWhenLost(heading);
  const isFixed = setup.fixed.includes('github-token');
  const next = pathAfter(setup, 'github');
  return (
    <Panel>
      <h2 className="panel-title" ref={heading} tabIndex={-1}>
        Signed in as <bdi>{account.login}</bdi>
      </h2>
      <AccountFacts account={account} />
      {account.limits.length > 0 && (
        <Callout kind="warning" title="What this sign-in may not do">
          <ul className="plain-list">
            {account.limits.map((limit) => (
              <li key={limit}>{limit}</li>
            ))}
          </ul>
        </Callout>
      )}
      {isFixed && (
        <p className="panel-note">
          The token is decided outside and cannot be changed here. Change it where it comes from.
        </p>
      )}
      <FailureCallout failure={failure} />
      <div className="buttons">
        <LinkButton href={next} label={next === '/' ? 'Done' : 'Continue'} icon="arrow" kind="primary" />
        {!isFixed && (
          <>
            <Button label="Sign in as somebody else" icon="key" isOff={!isLive} onPress={onChangeAccount} />
            <Button
              label="Sign out"
              icon="close"
              isOff={!isLive}
              isBusy={busy !== null}
              onPress={() => void run('sign-out', () => client.call('setup.signOutGithub'))}
            />
          </>
        )}
      </div>
    </Panel>
  );
}

function AccountFacts({ account: { host, tokenFrom, scopes, expiresAt } }: { readonly account: GithubAccountView }) {
  return (
    <dl className="facts">
      <div>
        <dt>On</dt>
        <dd>
          <bdi>{host}</bdi>
        </dd>
      </div>
      <div>
        <dt>Token from</dt>
        <dd>
          <bdi>{tokenFrom}</bdi>
        </dd>
      </div>
      {scopes !== null && (
        <div>
          <dt>Scopes</dt>
          <dd>{scopes.length === 0 ? 'none: public data alone' : <bdi>{scopes.join(', ')}</bdi>}</dd>
        </div>
      )}
      <div>
        <dt>Expires</dt>
        <dd>{expiresAt === null ? 'not by time, as far as is known' : formatFullTime(expiresAt)}</dd>
      </div>
    </dl>
  );
}
