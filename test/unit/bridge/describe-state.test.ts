/** @file The sentence of state, as a table. */
import { describe, expect, test } from 'vitest';
import { describeState } from '../../../src-main/bridge/describe-state.ts';
import type { Overview, WorkItem } from '../../../src-main/engine/core/engine-api.ts';
import { sentenceText } from '../../../src-preload/contract/sentence.ts';
import { stateView, type StateView } from '../../../src-preload/contract/views.ts';
import { errorRecord, makeOverview, makeTotals, makeWorkItem, scriptedNow } from '../../support/scripted-facts.ts';

const at = (hour: number, minute: number): number => Date.UTC(2026, 10, 24, hour, minute);
const clock = (time: number): string => new Date(time).toISOString().slice(11, 16);

function read(
  change: Partial<Overview>,
  work: readonly WorkItem[] = [],
): readonly [StateView['tone'], string, string | null] {
  const state = stateView.parse(describeState(makeOverview(change), work));
  return [
    state.tone,
    sentenceText(state.sentence, clock),
    state.detail === null ? null : sentenceText(state.detail, clock),
  ];
}

const trouble = (error: ReturnType<typeof errorRecord>, until: number | null = null) => ({
  error,
  since: scriptedNow,
  until,
});
const watcher = (change: Partial<Overview['watcher']>): Overview['watcher'] => ({
  ...makeOverview().watcher,
  ...change,
});
const linux = makeWorkItem();
const small = (jobId: number, bytesReceived: number): WorkItem => makeWorkItem({ jobId, bytesReceived, sizeKb: 1_000 });

interface Case {
  readonly when: string;
  readonly overview: Partial<Overview>;
  readonly work?: readonly WorkItem[];
  readonly tone: StateView['tone'];
  readonly sentence: string;
  readonly detail?: string | null;
}

const table: readonly Case[] = [
  {
    when: 'all is well',
    overview: {},
    tone: 'idle',
    sentence: 'All 1,204 stars are safe',
    detail: 'The next look is at 14:04.',
  },
  {
    when: 'there is one star',
    overview: { totals: makeTotals({ starred: 1, repositories: 1, mirrored: 1 }) },
    tone: 'idle',
    sentence: 'Your star is safe',
  },
  {
    when: 'there are no stars',
    overview: { totals: makeTotals({ starred: 0, repositories: 0, mirrored: 0 }) },
    tone: 'idle',
    sentence: 'No stars yet',
    detail: 'Star a repository on GitHub and it is mirrored here.',
  },
  {
    when: 'one repository will be tried again: that is no error',
    overview: { totals: makeTotals({ mirrored: 1_203, jobs: { waiting: 1 } }) },
    tone: 'idle',
    sentence: '1,203 of 1,204 stars are safe',
    detail: '1 repository will be tried again.',
  },
  {
    when: 'more repositories are known than starred, nothing is claimed for those without a mirror',
    overview: { totals: makeTotals({ repositories: 1_300, starred: 1_204, absent: 96, mirrored: 1_298 }) },
    tone: 'idle',
    sentence: '1,202 of 1,204 stars are safe',
  },
  {
    when: 'repositories failed for good',
    overview: { totals: makeTotals({ mirrored: 1_202, failed: 2 }) },
    tone: 'error',
    sentence: '2 repositories could not be mirrored',
    detail: '1,202 of 1,204 stars are safe.',
  },
  {
    when: 'nothing was looked at yet',
    overview: {
      totals: makeTotals({ starred: 0, repositories: 0, mirrored: 0 }),
      watcher: watcher({ lastLookAt: null, isLooking: true }),
    },
    tone: 'working',
    sentence: 'Looking at your stars for the first time',
  },
  {
    when: 'all pages are read',
    overview: { watcher: watcher({ isLooking: true, walk: { page: 3, pages: 13 } }) },
    tone: 'working',
    sentence: 'Reading your stars, page 3 of 13',
  },
  {
    when: 'jobs wait for a lane',
    overview: { totals: makeTotals({ mirrored: 1_192, jobs: { queued: 12 } }) },
    tone: 'working',
    sentence: 'About to mirror 12 repositories',
  },
  {
    when: 'some are in work',
    overview: { totals: makeTotals({ jobs: { running: 3, queued: 9 }, pendingKb: 40_000_000 }) },
    work: [linux, small(2, 0), small(3, 0)],
    tone: 'working',
    sentence: 'Mirroring 3 repositories, 1.2 GB of about 5.1 GB',
    detail: '9 more in line.',
  },
  {
    when: 'one of those in work is mirrored already, nobody knows how much will come',
    overview: { totals: makeTotals({ jobs: { running: 2 } }) },
    work: [linux, makeWorkItem({ jobId: 2, cause: 'pushed', bytesReceived: 300_000_000, sizeKb: 9_000_000 })],
    tone: 'working',
    sentence: 'Mirroring 2 repositories, 1.5 GB',
  },
  {
    when: 'another process has them in work',
    overview: { totals: makeTotals({ jobs: { running: 2, queued: 1, waiting: 1 }, failed: 1 }) },
    tone: 'working',
    sentence: 'Mirroring 2 repositories',
    detail: '2 more in line; 1 repository could not be mirrored.',
  },
  {
    when: 'one alone is in work',
    overview: { totals: makeTotals({ jobs: { running: 1 }, pendingKb: 5_000_000 }) },
    work: [linux],
    tone: 'working',
    sentence: 'Mirroring torvalds/linux, 1.2 GB of about 5.1 GB',
  },
  {
    when: 'more was received than GitHub had said, no false total is shown',
    overview: { totals: makeTotals({ jobs: { running: 1 }, pendingKb: 1_000 }) },
    work: [small(1, 2_500_000)],
    tone: 'working',
    sentence: 'Mirroring torvalds/linux, 2.5 MB',
  },
  {
    when: 'nothing has been received',
    overview: { totals: makeTotals({ jobs: { running: 2, queued: 1 }, pendingKb: 1_000 }) },
    work: [small(1, 0), small(2, 0)],
    tone: 'working',
    sentence: 'Mirroring 2 repositories',
    detail: '1 more in line.',
  },
  {
    when: 'a repository failed while others are in work',
    overview: { totals: makeTotals({ failed: 1, jobs: { running: 1 } }) },
    work: [small(1, 0)],
    tone: 'working',
    sentence: 'Mirroring torvalds/linux',
    detail: '1 repository could not be mirrored.',
  },
  {
    when: 'it is paused for a time',
    overview: { pause: { since: scriptedNow, until: at(14, 5) }, totals: makeTotals({ jobs: { waiting: 2 } }) },
    tone: 'paused',
    sentence: 'Paused until 14:05',
    detail: '2 repositories wait until then.',
  },
  {
    when: 'it is paused until resumed, failures or not',
    overview: { pause: { since: scriptedNow, until: null }, totals: makeTotals({ failed: 1 }) },
    tone: 'paused',
    sentence: 'Paused until you resume',
  },
  {
    when: "GitHub's rate limit is used up",
    overview: { troubles: [trouble(errorRecord('github-rate-limited'), at(14, 5))] },
    tone: 'paused',
    sentence: "Waiting until 14:05: GitHub's rate limit",
    detail: 'All 1,204 stars are safe.',
  },
  {
    when: 'the last look met the rate limit',
    overview: { watcher: watcher({ error: errorRecord('github-rate-limited', '', { until: at(14, 30) }) }) },
    tone: 'paused',
    sentence: "Waiting until 14:30: GitHub's rate limit",
  },
  {
    when: 'the rate limit is used up and git still works',
    overview: {
      troubles: [trouble(errorRecord('github-rate-limited'), at(14, 5))],
      totals: makeTotals({ jobs: { running: 1 } }),
    },
    work: [small(1, 0)],
    tone: 'working',
    sentence: 'Mirroring torvalds/linux',
  },
  {
    when: 'the mirror server is starting',
    overview: { troubles: [trouble(errorRecord('target-starting'))], watcher: watcher({ nextLookAt: null }) },
    tone: 'paused',
    sentence: 'Waiting: the mirror server is starting',
  },
  {
    when: 'this computer is on battery',
    overview: { quiet: ['battery'], totals: makeTotals({ jobs: { queued: 12, waiting: 1 } }) },
    tone: 'paused',
    sentence: 'Waiting: on battery',
    detail: 'Only what you ask for is mirrored. 13 repositories wait.',
  },
  {
    when: 'there are several reasons to be quiet and nothing to do',
    overview: { quiet: ['metered', 'quiet-hours'] },
    tone: 'idle',
    sentence: 'All 1,204 stars are safe',
  },
  {
    when: 'there are several reasons to be quiet',
    overview: { quiet: ['metered', 'quiet-hours'], totals: makeTotals({ jobs: { queued: 1 } }) },
    tone: 'paused',
    sentence: 'Waiting: on a metered network, quiet hours',
    detail: 'Only what you ask for is mirrored. 1 repository waits.',
  },
  {
    when: 'it is paused and quiet',
    overview: { quiet: ['battery'], pause: { since: scriptedNow, until: at(16, 0) } },
    tone: 'paused',
    sentence: 'Paused until 16:00',
  },
  {
    when: 'somebody asked for something while it is quiet',
    overview: { quiet: ['battery'], totals: makeTotals({ jobs: { running: 1 } }) },
    work: [linux],
    tone: 'working',
    sentence: 'Mirroring torvalds/linux, 1.2 GB of about 5.1 GB',
  },
  {
    when: 'the mirror server is away',
    overview: { troubles: [trouble(errorRecord('target-unavailable', 'It answered 502.'), at(14, 2))] },
    tone: 'error',
    sentence: 'The mirror server does not answer. It answered 502.',
    detail: 'Since 14:00; it is tried again at 14:02.',
  },
  {
    when: 'the last look failed',
    overview: { watcher: watcher({ error: errorRecord('github-unexpected') }) },
    tone: 'error',
    sentence: 'GitHub answered with something that was not expected.',
    detail: 'It is tried again at 14:04.',
  },
  {
    when: 'some are left out by the rules',
    overview: { totals: makeTotals({ mirrored: 1_180, leftOut: 20, asks: 4 }), watcher: watcher({ isLooking: false }) },
    tone: 'attention',
    sentence: '4 large repositories wait for your word',
    detail: 'All 1,180 chosen stars are safe.',
  },
  {
    when: 'some are left out and one failed to come',
    overview: { totals: makeTotals({ mirrored: 1_183, leftOut: 20 }) },
    tone: 'idle',
    sentence: '1,183 of 1,184 chosen stars are safe',
  },
  {
    when: 'all are left out',
    overview: { totals: makeTotals({ mirrored: 0, leftOut: 1_204 }) },
    tone: 'idle',
    sentence: 'No star is chosen to be mirrored',
  },
  {
    when: 'a person has still to say what is mirrored',
    overview: { awaitsSelection: true, totals: makeTotals({ mirrored: 0, jobs: { queued: 1_204 } }) },
    tone: 'attention',
    sentence: 'Choose what to mirror',
    detail: '1,204 stars found. Nothing is mirrored until you have chosen.',
  },
  {
    when: 'nobody has said where mirrors go',
    overview: { target: null, troubles: [trouble(errorRecord('target-not-set'))] },
    tone: 'signed-out',
    sentence: 'It was not chosen yet where mirrors go.',
    detail: 'Choose OneDev or a folder in the settings.',
  },
  {
    when: 'GitHub does not accept the token',
    overview: { troubles: [trouble(errorRecord('github-signed-out'))] },
    tone: 'signed-out',
    sentence: 'GitHub does not accept the token.',
    detail: 'Sign in to GitHub again.',
  },
  {
    when: 'the disk is full',
    overview: { troubles: [trouble(errorRecord('disk-full'))] },
    tone: 'attention',
    sentence: 'The disk is full.',
    detail: 'Free some space; work goes on by itself.',
  },
];

describe('the sentence', () => {
  test.each(table)('when $when', ({ overview, work, tone, sentence, detail }) => {
    const [saidTone, saidSentence, saidDetail] = read(overview, work);
    expect([saidTone, saidSentence]).toEqual([tone, sentence]);
    expect(detail === undefined ? undefined : saidDetail).toBe(detail);
  });
});

describe('what can be pressed', () => {
  test.each([
    ['github-signed-out', 'sign-in-github'],
    ['target-signed-out', 'set-target'],
    ['target-not-set', 'set-target'],
  ] as const)('after %s: %s', (code, press) => {
    expect(describeState(makeOverview({ troubles: [trouble(errorRecord(code))] }), []).press).toBe(press);
  });
});

describe('the order of what counts more', () => {
  // Each one is added to those before it, and outranks them.
  const steps: readonly (readonly [StateView['tone'], (overview: Overview) => Partial<Overview>])[] = [
    ['idle', () => ({})],
    ['paused', () => ({ pause: { since: scriptedNow, until: null } })],
    ['working', () => ({ totals: makeTotals({ jobs: { running: 1 } }) })],
    ['error', ({ troubles }) => ({ troubles: [...troubles, trouble(errorRecord('target-unavailable'))] })],
    ['attention', ({ troubles }) => ({ troubles: [...troubles, trouble(errorRecord('disk-full'))] })],
    ['signed-out', ({ troubles }) => ({ troubles: [...troubles, trouble(errorRecord('target-signed-out'))] })],
    ['offline', () => ({ isOnline: false })],
  ];

  test('is offline, signed out, needs you, error, working, paused, idle', () => {
    let overview = makeOverview();
    const tones = steps.map(([tone, change]) => {
      overview = { ...overview, ...change(overview) };
      return describeState(overview, tone === 'idle' || tone === 'paused' ? [] : [small(1, 0)]).tone;
    });
    expect(tones).toEqual(steps.map(([tone]) => tone));
  });
});

test('words of strangers stay one line of plain text, however long they are', () => {
  const detail = `a\nb\u202ec\u0000${'x'.repeat(5_000)}`;
  const [, sentence] = read({ troubles: [trouble(errorRecord('target-unavailable', detail))] });
  expect(sentence).toContain('a b\ufffdc\ufffd');
  expect(sentence.length).toBeLessThanOrEqual(500);
});
