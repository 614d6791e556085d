/** @file How far comparing many mirrors has come, and what came of each. */
import { countOf, formatCount } from '../../../src-preload/contract/words.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { ComparisonDetails, comparisonIcons, comparisonTones, describeComparison } from './comparison-words.tsx';
import type { Comparison, Comparisons, ComparisonsControl } from './use-comparisons.ts';

/** So many results are listed; what is not the same comes first. */
const mostListed = 200;

export function CompareDialog({ comparisons, stop, forget }: ComparisonsControl) {
  if (comparisons === null) return null;
  const { total, results, state } = comparisons;
  const isRunning = state === 'running';
  const listed = [
    ...results.filter((result) => result.state !== 'same'),
    ...results.filter((result) => result.state === 'same').toReversed(),
  ].slice(0, mostListed);
  return (
    <Dialog
      title="Comparing both ends"
      isOpen
      onClose={forget}
      actions={
        isRunning ? (
          <Button label="Stop" icon="close" onPress={stop} />
        ) : (
          <Button label="Close" icon="check" onPress={forget} />
        )
      }
    >
      <ProgressBar
        label="Comparing both ends"
        fraction={results.length / total}
        text={`${formatCount(results.length)} of ${formatCount(total)}`}
      />
      <p role="status">{describeProgress(comparisons)}</p>
      {isRunning && <p className="row-line">Closing this or leaving the page stops it.</p>}
      {listed.length > 0 && (
        <ul className="results" tabIndex={0} aria-label="Results">
          {listed.map((result) => (
            <ResultRow key={result.githubId} result={result} />
          ))}
        </ul>
      )}
      {results.length > listed.length && (
        <p className="row-line">{formatCount(results.length - listed.length)} more.</p>
      )}
    </Dialog>
  );
}

function ResultRow({ result }: { readonly result: Comparison }) {
  return (
    <li className="result">
      <span className={`row-icon ${comparisonTones[result.state]}`}>
        <Icon name={comparisonIcons[result.state]} />
      </span>
      <div className="row-body">
        <p className="row-title">
          <bdi>{result.fullName}</bdi>
        </p>
        <p className="row-line">{describeComparison(result)}</p>
        <ComparisonDetails comparison={result} />
      </div>
    </li>
  );
}

/** `3 of 12 compared: 2 the same, 1 differs` */
function describeProgress({ total, results, state }: Comparisons): string {
  const count = (wanted: Comparison['state']): number => results.filter((result) => result.state === wanted).length;
  const parts = [
    [count('same'), 'the same'],
    [count('differs'), 'with differences'],
    [count('not-mirrored'), 'not mirrored yet'],
    [count('failed'), 'could not be compared'],
  ] as const;
  const told = parts.filter(([number]) => number > 0).map(([number, words]) => `${formatCount(number)} ${words}`);
  const done = `${formatCount(results.length)} of ${countOf(total, 'repository', 'repositories')} looked at`;
  const end = {
    running: '',
    over: '',
    stopped: ' Stopped.',
    disconnected: ' The connection to epicstar was lost; the others were not compared.',
  }[state];
  return `${done}${told.length === 0 ? '' : `: ${told.join(', ')}`}.${end}`;
}
