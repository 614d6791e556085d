/** @file The one sentence of state, what can be pressed about it, and the figures behind it. */
import { sentenceText } from '../../../src-preload/contract/sentence.ts';
import type { OverviewView, Sentence } from '../../../src-preload/contract/views.ts';
import { formatCount } from '../../../src-preload/contract/words.ts';
import { useNow } from '../../connection/client-context.tsx';
import type { Actions } from '../../connection/use-actions.ts';
import { formatTime } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { LiveText } from '../../ui/pieces.tsx';
import { StateButtons } from '../../ui/state-buttons.tsx';
import { toneIcons, toneTitles } from '../../ui/state-looks.ts';

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
