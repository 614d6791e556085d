/** @file What shows that a mirror is what it should be: the last comparison, the last difference, the last restore. */
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import { countOf } from '../../../src-preload/contract/words.ts';
import { Icon } from '../../ui/icon.tsx';
import { TimeAgo } from '../../ui/pieces.tsx';
import { drillIcons, drillTones, DrillWords, LastProof } from '../../ui/proof-words.tsx';

export function DetailProof({ repository: { mirror, proofs } }: { readonly repository: RepositoryView }) {
  const { last, difference, drill } = proofs;
  if (mirror === null) return <p className="row-line">Both ends were never compared.</p>;
  const isDamaged = drill?.result === 'damaged';
  return (
    <>
      {isDamaged && <LastDrill drill={drill} />}
      <p className="row-line">
        {last === null ? (
          'It was found at the place for mirrors; both ends were not compared here yet.'
        ) : (
          <LastProof last={last} unfitRefs={mirror.unfitRefs} />
        )}
      </p>
      {last !== null && last.result === 'differs' && <Lines lines={last.differences} />}
      {difference !== null && difference.repairedAt !== null && (
        <p className="row-line">
          It differed in {countOf(difference.differences.length, 'ref')} <TimeAgo at={difference.at} />; repaired{' '}
          <TimeAgo at={difference.repairedAt} />.
        </p>
      )}
      {drill !== null && !isDamaged && <LastDrill drill={drill} />}
    </>
  );
}

function LastDrill({ drill }: { readonly drill: NonNullable<RepositoryView['proofs']['drill']> }) {
  return (
    <>
      <p className={`row-line state-mark ${drillTones[drill.result]}`}>
        <Icon name={drillIcons[drill.result]} />
        <span>
          Restore tried <DrillWords drill={drill} />
        </span>
      </p>
      <Lines lines={drill.findings} />
    </>
  );
}

function Lines({ lines }: { readonly lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <ul className="refs">
      {lines.map((line) => (
        <li key={line}>
          <code>{line}</code>
        </li>
      ))}
    </ul>
  );
}
