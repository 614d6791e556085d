/** @file States of the engine that the window has to look right in. */
import type { ScriptedEngine } from './scripted-engine.ts';
import { errorRecord, makeJob, makeOverview, makeRow, makeRun, makeTotals, makeWorkItem } from './scripted-facts.ts';

const minuteMs = 60_000;
const mirrors = 'https://onedev.example.org/github';

export const hostileName = '<img src=x onerror="document.title=1">/\u202Egnp.exe';

function shiftedRuns(now: number) {
  const at = (minutes: number) => ({
    queuedAt: now - (minutes + 3) * minuteMs,
    startedAt: now - (minutes + 1) * minuteMs,
    finishedAt: now - minutes * minuteMs,
  });
  const { report } = makeRun();
  return [
    makeRun({ id: 310, ...at(1) }),
    makeRun({
      id: 309,
      githubId: 11,
      fullName: 'left-pad/left-pad',
      ...at(4),
      report: {
        ...report,
        rewritten: 1,
        kept: 1,
        created: 0,
        moved: [
          {
            ref: 'refs/heads/main',
            kind: 'rewrite',
            from: 'a'.repeat(40),
            to: 'b'.repeat(40),
            keptAs: 'refs/epicstar/kept/20261124T135500000Z/heads/main',
          },
        ],
      },
    }),
    makeRun({
      id: 308,
      githubId: 12,
      fullName: 'sindresorhus/awesome',
      cause: 'sweep',
      ...at(9),
      report: { ...report, created: 0, fastForwarded: 0, bytesReceived: 0 },
    }),
    makeRun({
      id: 307,
      githubId: 13,
      fullName: 'acme/private-fork',
      outcome: 'failed',
      ...at(25),
      error: errorRecord('target-name-clash', 'It is github/acme/private-fork.'),
    }),
    makeRun({
      id: 306,
      githubId: 14,
      fullName: 'chromium/chromium',
      outcome: 'retry',
      attempt: 2,
      ...at(95),
      error: errorRecord('git-network', '', {
        output: 'fatal: early EOF\nfatal: fetch-pack: invalid index-pack output',
      }),
    }),
  ];
}

/** Two in work, four in line, five runs. */
export function playBusy(engine: ScriptedEngine, now: number): void {
  engine.set({
    rows: [
      makeRow(10_270_250, 'facebook/react', `${mirrors}/facebook/react`),
      makeRow(11, 'left-pad/left-pad', `${mirrors}/left-pad/left-pad`),
      makeRow(12, 'sindresorhus/awesome', `${mirrors}/sindresorhus/awesome`),
    ],
    work: [
      makeWorkItem({ startedAt: now - 4 * minuteMs }),
      makeWorkItem({
        jobId: 102,
        githubId: 12,
        fullName: 'microsoft/vscode',
        cause: 'pushed',
        phase: 'push',
        startedAt: now - minuteMs / 2,
        git: { phase: 'writing', done: 8_120, total: 9_000, bytes: 41_000_000 },
        part: { number: 3, of: 12 },
        sizeKb: 900_000,
        bytesReceived: 41_000_000,
        bytesSent: 37_000_000,
      }),
      makeWorkItem({
        jobId: 103,
        githubId: 15,
        fullName: 'rust-lang/rust',
        phase: 'compare',
        startedAt: now,
        git: null,
        bytesReceived: 0,
      }),
    ],
    jobs: [
      makeJob({ id: 201 }),
      makeJob({ id: 202, githubId: 16, fullName: 'nodejs/node', cause: 'pushed', sizeKb: 1_100_000 }),
      makeJob({
        id: 203,
        githubId: 14,
        fullName: 'chromium/chromium',
        state: 'waiting',
        waitReason: 'retry',
        attempt: 2,
        sizeKb: 41_000_000,
        runAfter: now + 12 * minuteMs,
        error: errorRecord('git-network'),
      }),
      makeJob({
        id: 204,
        githubId: 17,
        fullName: 'golang/go',
        state: 'waiting',
        waitReason: 'rate-limit',
        runAfter: now + 31 * minuteMs,
      }),
    ],
    runs: shiftedRuns(now),
    overview: makeOverview({
      totals: makeTotals({
        mirrored: 1_197,
        failed: 1,
        jobs: { running: 3, queued: 2, waiting: 2, failed: 1 },
        pendingKb: 47_000_000,
      }),
      watcher: { ...makeOverview().watcher, lastLookAt: now - minuteMs, nextLookAt: now + 4 * minuteMs },
    }),
  });
}

/** All is well, with the same runs behind it. */
export function playQuiet(engine: ScriptedEngine, now: number): void {
  engine.set({
    work: [],
    jobs: [],
    runs: shiftedRuns(now).filter(({ outcome }) => outcome === 'done'),
    overview: makeOverview({
      watcher: { ...makeOverview().watcher, lastLookAt: now - minuteMs, nextLookAt: now + 4 * minuteMs },
    }),
  });
}

/** Names and words that try to be more than text. */
export function playHostile(engine: ScriptedEngine, now: number): void {
  const output = `remote: <script>document.title='owned'</script>\u0007\u202e ${'x'.repeat(500)}`;
  engine.set({
    work: [makeWorkItem({ fullName: hostileName, startedAt: now })],
    jobs: [makeJob({ fullName: 'a'.repeat(39) + '/' + 'b'.repeat(100) })],
    runs: [
      makeRun({
        fullName: hostileName,
        outcome: 'failed',
        finishedAt: now - minuteMs,
        error: errorRecord('git-failed', '<b>bold</b>', { output, noticeUrl: 'javascript:alert(1)' }),
      }),
    ],
    rows: [makeRow(10_270_250, hostileName, 'https://evil.example/steal')],
    overview: makeOverview({ target: { kind: 'folder', address: '/srv/<i>mirrors</i>' } }),
  });
}
