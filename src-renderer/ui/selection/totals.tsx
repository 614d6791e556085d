/** @file What the rules come to: numbers, sizes, the largest, and whether there is room. */
import type { SelectionPreviewView } from '../../../src-preload/contract/setup-views.ts';
import { countOf, formatBytes, formatCount } from '../../../src-preload/contract/words.ts';
import { Callout } from '../callout.tsx';
import { bytesOf } from './rules.ts';

interface TotalsProps {
  readonly preview: SelectionPreviewView;
  readonly isCurrent: boolean;
}

export function Totals({ preview, isCurrent }: TotalsProps) {
  const { mirror, skip, ask } = preview;
  const amounts = [
    { label: 'To mirror', amount: mirror },
    { label: 'Left out', amount: skip },
    { label: 'Asked about', amount: ask },
  ];
  return (
    <div className="totals" aria-busy={!isCurrent}>
      <dl className="totals-figures">
        {amounts.map(({ label, amount }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <span className="totals-count">{formatCount(amount.count)}</span>
              <span className="totals-size">
                {amount.count === 0 ? 'nothing' : `about ${formatBytes(bytesOf(amount.sizeKb))}`}
              </span>
            </dd>
          </div>
        ))}
      </dl>
      <p className="field-hint">
        Of {countOf(preview.repositories, 'starred repository', 'starred repositories')}. Sizes are GitHub’s figures, an
        estimate: often more than what is fetched.
      </p>
      <Room preview={preview} />
    </div>
  );
}

function Room({ preview }: { readonly preview: SelectionPreviewView }) {
  const { mirror, largest, freeBytesHere, freeBytesAtTarget } = preview;
  const needed = bytesOf(mirror.sizeKb);
  const [first = null] = largest;
  const firstBytes = first === null ? 0 : bytesOf(first.sizeKb);
  return (
    <>
      {freeBytesAtTarget !== null && needed > freeBytesAtTarget && (
        <Callout kind="warning" title="More than what is free where mirrors go">
          <p>
            About {formatBytes(needed)} are to be mirrored, and {formatBytes(freeBytesAtTarget)} are free there. Leave
            something out, or make room first.
          </p>
        </Callout>
      )}
      {first !== null && freeBytesHere !== null && firstBytes > freeBytesHere && (
        <Callout kind="warning" title="The largest does not fit on this computer">
          <p>
            <bdi>{first.fullName}</bdi> takes about {formatBytes(firstBytes)} while it is fetched, and{' '}
            {formatBytes(freeBytesHere)} are free here.
          </p>
        </Callout>
      )}
      <p className="field-hint">
        {freeBytesAtTarget === null
          ? 'How much room there is where mirrors go is not known. '
          : `${formatBytes(freeBytesAtTarget)} are free where mirrors go. `}
        {freeBytesHere !== null &&
          `${formatBytes(freeBytesHere)} are free on this computer; the copies kept here are dropped as needed.`}
      </p>
    </>
  );
}
