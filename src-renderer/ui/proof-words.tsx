/** @file What comparisons and restore drills came to, in words that are alike on every page. */
import type { DrillView, ProofOverviewView, ProofsView } from '../../src-preload/contract/proof-views.ts';
import { countOf, formatBytes, formatCount, formatDuration } from '../../src-preload/contract/words.ts';
import { TimeAgo } from './pieces.tsx';

type Last = NonNullable<ProofsView['last']>;
export type Round = NonNullable<ProofOverviewView['round']>;

const lookers: Readonly<Record<Last['source'], string>> = {
  run: 'by a mirror run',
  verify: 'by a comparison',
  drill: 'by a restore drill',
};

/** `Both ends the same 5 min ago, 252 refs, by a mirror run.` */
export function LastProof({ last, unfitRefs = 0 }: { readonly last: Last; readonly unfitRefs?: number }) {
  const { result, at, refCount, differences, source, message } = last;
  const left = unfitRefs > 0 ? `, ${countOf(unfitRefs, 'ref')} left out` : '';
  switch (result) {
    case 'same':
      return (
        <>
          Both ends compared <TimeAgo at={at} /> {lookers[source]}: {countOf(refCount, 'ref')} the same{left}.
        </>
      );
    case 'same-as-proven':
      return (
        <>
          The mirror was looked at <TimeAgo at={at} /> {lookers[source]}: {countOf(refCount, 'ref')}, as they were
          proven.
        </>
      );
    case 'differs':
      return (
        <>
          Both ends compared <TimeAgo at={at} /> {lookers[source]}: {countOf(differences.length, 'difference')}
          {differences.length >= 10 && ' or more'}.
        </>
      );
    case 'failed':
      return (
        <>
          It could not be compared <TimeAgo at={at} />
          {message === null ? '.' : `: ${message}`}
        </>
      );
  }
}

/** `3 objects`… of one that went well, else what was wrong with it. */
export function DrillWords({ drill }: { readonly drill: DrillView }) {
  const { result, at, refCount, objects, bytes, durationMs, message } = drill;
  const got = `${countOf(refCount, 'ref')}, ${countOf(objects, 'object')}, ${formatBytes(bytes)} in ${formatDuration(durationMs)}`;
  switch (result) {
    case 'fine':
      return (
        <>
          <TimeAgo at={at} />: all of it came back whole ({got}).
        </>
      );
    case 'differs':
      return (
        <>
          <TimeAgo at={at} />: all of it came back, but it is not what was proven.
        </>
      );
    case 'damaged':
      return (
        <>
          <TimeAgo at={at} />: the mirror is damaged. This is not repaired by itself; what is still on GitHub is
          mirrored anew once its project on the mirror server is renamed or removed.
        </>
      );
    case 'failed':
      return (
        <>
          <TimeAgo at={at} />: it could not be tried. {message}
        </>
      );
    case 'cut':
      return (
        <>
          <TimeAgo at={at} />: epicstar ended in the middle of it.
        </>
      );
  }
}

export const drillTones: Readonly<Record<DrillView['result'], string>> = {
  fine: 'tone-idle',
  differs: 'tone-attention',
  damaged: 'tone-error',
  failed: 'tone-attention',
  cut: 'tone-attention',
};

export const drillIcons = { fine: 'check', differs: 'alert', damaged: 'cross', failed: 'alert', cut: 'alert' } as const;

export function comparedCount({ same, sameAsProven, differs, failed }: Round): number {
  return same + sameAsProven + differs + failed;
}

/** `3 of 12 mirrors compared: 2 the same, 1 differs.` */
export function describeRound(round: Round): string {
  const { total, same, sameAsProven, differs, failed, repaired, state, obstacle } = round;
  const parts = [
    [same, 'the same'],
    [sameAsProven, 'as they were proven'],
    [differs, 'with differences'],
    [failed, 'could not be compared'],
    [repaired, 'repaired'],
  ] as const;
  const told = parts.filter(([number]) => number > 0).map(([number, words]) => `${formatCount(number)} ${words}`);
  const done = `${formatCount(comparedCount(round))} of ${countOf(total, 'mirror')} compared`;
  const waits = obstacle === null ? ' Waiting; it goes on by itself.' : ` Waiting: ${obstacle}`;
  const end = { running: '', waiting: waits, stopped: ' Stopped.', over: '' }[state];
  return `${done}${told.length === 0 ? '' : `: ${told.join(', ')}`}.${end}`;
}
