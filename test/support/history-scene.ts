/** @file Many days of runs, of every result, as a history has them. */
import type { Run } from '../../src-main/engine/core/engine-api.ts';
import { errorRecord, makeRow, makeRun, scriptedNow } from './scripted-facts.ts';
import { playQuiet } from './scripted-scenes.ts';
import type { WindowBench } from './window-bench.ts';

const minuteMs = 60_000;
const secondMs = 1_000;

const owners = ['facebook', 'torvalds', 'rust-lang', 'a-rather-long-organisation-name', 'x'];
const names = ['react', 'linux', 'rust', 'a-repository-with-a-name-that-does-not-end-early', 'y'];
const causes = ['pushed', 'new-star', 'sweep', 'user', 'renamed', 'verify'] as const;

function phasesOf(seed: number): Run['report']['phases'] {
  return [
    { phase: 'identify', durationMs: 300 + seed },
    { phase: 'project', durationMs: 120 },
    { phase: 'compare', durationMs: 700 },
    { phase: 'fetch', durationMs: 2_000 + 400 * (seed % 30) },
    { phase: 'plan', durationMs: 4 },
    { phase: 'push', durationMs: 1_500 + 150 * (seed % 20) },
    { phase: 'verify', durationMs: 600 },
  ];
}

function resultOf(index: number): Partial<Run> {
  const { report } = makeRun();
  const full = { ...report, phases: phasesOf(index) };
  if (index % 17 === 5) {
    return {
      outcome: 'failed',
      report: { ...full, created: 0, fastForwarded: 0, bytesSent: 0 },
      error: errorRecord('git-push-rejected', 'refs/heads/main is protected.', {
        output: 'remote: branch is protected\n ! [remote rejected] main -> main (hook declined)',
      }),
    };
  }
  if (index % 17 === 9) {
    return {
      outcome: 'retry',
      attempt: 2,
      report: { ...full, created: 0, fastForwarded: 0, bytesSent: 0, phases: full.phases.slice(0, 4) },
      error: errorRecord('git-network'),
    };
  }
  if (index % 17 === 13) return { outcome: 'cancelled', report: { ...full, created: 0, fastForwarded: 0, phases: [] } };
  if (index % 5 === 2) return { report: { ...full, created: 0, fastForwarded: 0, bytesReceived: 0, bytesSent: 0 } };
  if (index % 7 === 1) {
    return {
      report: {
        ...full,
        rewritten: 1,
        deleted: 1,
        kept: 2,
        moved: [
          {
            ref: 'refs/heads/main',
            kind: 'rewrite',
            from: 'a1'.repeat(20),
            to: 'b2'.repeat(20),
            keptAs: 'refs/epicstar/kept/20261124T135500000Z/heads/main',
          },
          { ref: 'refs/heads/old', kind: 'delete', from: 'c3'.repeat(20), to: null, keptAs: null },
          { ref: 'refs/tags/v2.0', kind: 'create', from: null, to: 'd4'.repeat(20), keptAs: null },
        ],
        unfit: [{ ref: 'refs/heads/a..b', reason: 'two dots' }],
      },
    };
  }
  return { report: full };
}

/** Newest first, the newest a minute before `now`, one every `everyMs`. */
export function manyRuns(count: number, now: number, everyMs: number): readonly Run[] {
  return Array.from({ length: count }, (_, index) => {
    const finishedAt = now - minuteMs - index * everyMs;
    const tookMs = 5 * secondMs + (index % 30) * 500;
    return makeRun({
      id: 100_000 + count - index,
      jobId: 500 + index,
      githubId: 1_000 + (index % 25),
      fullName: `${owners[index % 5]}/${names[Math.floor(index / 5) % 5]}`,
      cause: causes[index % 6] ?? 'pushed',
      queuedAt: finishedAt - tookMs - 20 * secondMs,
      startedAt: finishedAt - tookMs,
      finishedAt,
      ...resultOf(index),
    });
  });
}

/** Opens the page of history on these runs; all of it is there when this resolves. */
export async function openHistory(bench: WindowBench, runs: readonly Run[]): Promise<WindowBench['page']> {
  const { page, engine } = bench;
  await page.clock.setFixedTime(scriptedNow);
  playQuiet(engine, scriptedNow);
  engine.set({ runs, rows: [makeRow(1_000, 'facebook/react', 'https://onedev.example.org/github/facebook/react')] });
  await bench.open();
  await page.getByRole('link', { name: 'History', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'History' }).waitFor();
  await page.locator('.skeleton').first().waitFor({ state: 'detached' });
  return page;
}
