/** @file How far an export is, and what came of it. */
import { countOf, formatCount } from '../../../src-preload/contract/words.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { type Export, type ExportState, mostRuns } from './use-export.ts';

export function ExportDialog({ state, close }: Pick<Export, 'state' | 'close'>) {
  const isReading = state?.kind === 'reading';
  return (
    <Dialog
      title="Export"
      isOpen={state !== null}
      onClose={close}
      actions={<Button label={isReading ? 'Cancel' : 'Close'} icon={isReading ? 'close' : 'check'} onPress={close} />}
    >
      {state !== null && <ExportWords state={state} />}
    </Dialog>
  );
}

function ExportWords({ state }: { readonly state: ExportState }) {
  if (state.kind === 'failed') {
    return (
      <p role="alert" className="field-problem">
        Nothing was written. {state.reason}
      </p>
    );
  }
  if (state.kind === 'done') {
    return (
      <p role="status">
        {countOf(state.written, 'run')} written to <code>{state.fileName}</code>.
        {state.written < state.matching &&
          ` These are the newest: a file holds ${formatCount(mostRuns)} at most, and ${formatCount(state.matching)} match.`}
      </p>
    );
  }
  const text =
    state.total === null ? 'Reading the history' : `${formatCount(state.read)} of ${countOf(state.total, 'run')} read`;
  const fraction = state.total === null || state.total === 0 ? null : state.read / state.total;
  return (
    <>
      <ProgressBar label="Export" fraction={fraction} text={text} />
      <p className="row-line">{text}</p>
    </>
  );
}
