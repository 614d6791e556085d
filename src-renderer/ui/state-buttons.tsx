/** @file What can be pressed about the state of everything. */
import type { OverviewView, Press } from '../../src-preload/contract/views.ts';
import { countOf } from '../../src-preload/contract/words.ts';
import { useClient } from '../connection/client-context.tsx';
import type { Actions } from '../connection/use-actions.ts';
import { Button } from './button.tsx';
import { LinkButton } from './link-button.tsx';
import { PauseMenu } from './pause-menu.tsx';

/** Presses that are another page of the window; null: a button. */
const pressPages: Readonly<Record<Press, { readonly href: string; readonly label: string } | null>> = {
  resume: null,
  'retry-failed': null,
  look: null,
  'sign-in-github': { href: '/setup/github', label: 'Sign in to GitHub' },
  'set-target': { href: '/setup/target', label: 'Set where mirrors go' },
  'set-up': { href: '/setup', label: 'Continue the setup' },
};

interface StateButtonsProps {
  readonly overview: OverviewView;
  readonly actions: Actions;
  /** False: what is shown is old, and nothing can be pressed. */
  readonly isLive: boolean;
}

export function StateButtons({ overview, actions, isLive }: StateButtonsProps) {
  const client = useClient();
  const { pause, totals, watcher, state } = overview;
  const look = async (): Promise<string> => {
    const { newStars, jobsRequested } = await client.call('look.now', { full: false });
    if (newStars === 0 && jobsRequested === 0) return 'Looked: nothing new.';
    return `Looked: ${countOf(newStars, 'new star')}, ${countOf(jobsRequested, 'repository', 'repositories')} to mirror.`;
  };
  const retry = async (): Promise<string> => {
    const { requested } = await client.call('mirror.retryFailed');
    return requested === 0
      ? 'There was nothing to try again.'
      : `Trying ${countOf(requested, 'repository', 'repositories')} again.`;
  };
  const resume = async (): Promise<null> => {
    await client.call('pause.resume');
    return null;
  };
  // What waits for the end of a pause is not hurried by trying again.
  const canRetry = totals.failed > 0 || (totals.jobs.waiting > 0 && pause === null);
  const page = state.press === null ? null : pressPages[state.press];
  const isLooking = watcher.isLooking || actions.busy.has('look');
  return (
    <div className="state-buttons">
      {page !== null && <LinkButton href={page.href} label={page.label} icon="arrow" kind="primary" />}
      {pause !== null && (
        <Button
          label="Resume"
          icon="play"
          kind={state.press === 'resume' ? 'primary' : 'plain'}
          isOff={!isLive}
          isBusy={actions.busy.has('resume')}
          onPress={() => actions.run('resume', resume)}
        />
      )}
      {canRetry && (
        <Button
          label={totals.failed > 0 ? 'Retry failed' : 'Retry now'}
          icon="retry"
          kind={state.press === 'retry-failed' ? 'primary' : 'plain'}
          isOff={!isLive}
          isBusy={actions.busy.has('retry')}
          onPress={() => actions.run('retry', retry)}
        />
      )}
      <Button
        label="Look now"
        icon="search"
        isOff={!isLive}
        isBusy={isLooking && isLive}
        onPress={() => actions.run('look', look)}
      />
      {pause === null && <PauseMenu actions={actions} isLive={isLive} />}
    </div>
  );
}
