/** @file The one sentence of state, what can be pressed about it, and the figures behind it. */
import { sentenceText } from '../../../src-preload/contract/sentence.ts';
import type { OverviewView, Press, Sentence, Tone } from '../../../src-preload/contract/views.ts';
import { countOf, formatCount } from '../../../src-preload/contract/words.ts';
import { useClient, useNow } from '../../connection/client-context.tsx';
import type { Actions } from '../../connection/use-actions.ts';
import { Button } from '../../ui/button.tsx';
import { formatTime } from '../../ui/format.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { LinkButton } from '../../ui/link-button.tsx';
import { LiveText } from '../../ui/pieces.tsx';
import { PauseMenu } from './pause-menu.tsx';

const toneIcons: Readonly<Record<Tone, IconName>> = {
  idle: 'check',
  paused: 'pause',
  working: 'sync',
  error: 'alert',
  attention: 'alert',
  'signed-out': 'key',
  offline: 'offline',
};

const toneTitles: Readonly<Record<Tone, string>> = {
  idle: 'epicstar',
  paused: 'Paused · epicstar',
  working: 'Mirroring · epicstar',
  error: 'Error · epicstar',
  attention: 'Needs you · epicstar',
  'signed-out': 'Signed out · epicstar',
  offline: 'Offline · epicstar',
};

/** Presses that are another page of the window; null: a button of the card. */
const pressPages: Readonly<Record<Press, { readonly href: string; readonly label: string } | null>> = {
  resume: null,
  'retry-failed': null,
  look: null,
  'sign-in-github': { href: '/setup/github', label: 'Sign in to GitHub' },
  'set-target': { href: '/setup/target', label: 'Set where mirrors go' },
  'set-up': { href: '/setup', label: 'Continue the setup' },
};

export interface CardProps {
  readonly overview: OverviewView;
  readonly actions: Actions;
  readonly isLive: boolean;
}

export function StateCard(props: CardProps) {
  const { overview, isLive } = props;
  const { state } = overview;
  const now = useNow();
  const read = (sentence: Sentence): string => sentenceText(sentence, (at) => formatTime(at, now));
  return (
    <section className={`state tone-${state.tone}`} aria-label="State">
      <title>{isLive ? toneTitles[state.tone] : 'No connection · epicstar'}</title>
      <div className="state-main">
        <span className="state-icon">
          <Icon name={toneIcons[state.tone]} spinning={state.tone === 'working' && isLive} />
        </span>
        <div className="state-words">
          <h1 className="state-sentence">
            <bdi>{read(state.sentence)}</bdi>
          </h1>
          {state.detail !== null && <p className="state-detail">{read(state.detail)}</p>}
        </div>
      </div>
      <div className="state-foot">
        <Figures overview={overview} />
        <StateButtons {...props} />
      </div>
      <LiveText text={read(state.sentence)} />
    </section>
  );
}

function StateButtons({ overview, actions, isLive }: CardProps) {
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

function Figures({ overview: { totals } }: { readonly overview: OverviewView }) {
  const { jobs } = totals;
  const figures = [
    ['Stars', totals.starred],
    ['Mirrored', totals.mirrored],
    ['In line', jobs.queued + jobs.waiting],
    ['Failed', totals.failed],
  ] as const;
  return (
    <dl className="figures">
      {figures.map(([label, value]) => (
        <div className={label === 'Failed' && value > 0 ? 'figure figure-bad' : 'figure'} key={label}>
          <dt>{label}</dt>
          <dd>{formatCount(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
