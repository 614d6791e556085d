/** @file The one sentence of state and what can be pressed about it. */
import { sentenceText } from '../../../src-preload/contract/sentence.ts';
import type { OverviewView, Sentence } from '../../../src-preload/contract/views.ts';
import { useNow } from '../../connection/client-context.tsx';
import type { Actions } from '../../connection/use-actions.ts';
import { formatTime } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { LiveText } from '../../ui/pieces.tsx';
import { StateButtons } from '../../ui/state-buttons.tsx';
import { toneIcons, toneTitles } from '../../ui/state-looks.ts';

interface PopupStateProps {
  readonly overview: OverviewView;
  readonly actions: Actions;
  readonly isLive: boolean;
}

export function PopupState({ overview, actions, isLive }: PopupStateProps) {
  const { state } = overview;
  const now = useNow();
  const read = (sentence: Sentence): string => sentenceText(sentence, (at) => formatTime(at, now));
  return (
    <section className={`popup-state tone-${state.tone}`} aria-label="State">
      <title>{isLive ? toneTitles[state.tone] : 'No connection · epicstar'}</title>
      <span className="state-icon">
        <Icon name={toneIcons[state.tone]} spinning={state.tone === 'working' && isLive} />
      </span>
      <div className="popup-words">
        <h1 className="popup-sentence">
          <bdi>{read(state.sentence)}</bdi>
        </h1>
        {state.detail !== null && <p className="state-detail">{read(state.detail)}</p>}
      </div>
      <StateButtons overview={overview} actions={actions} isLive={isLive} />
      <LiveText text={read(state.sentence)} />
    </section>
  );
}
