/**
 * @file Thousands of different stars in a store, in every state that a repository can have: the newest star is number 1.
 * Always the same ones for the same count and time.
 */
import type { Star } from '../../src-main/engine/domain/repository.ts';
import type { SelectionDecision } from '../../src-main/engine/domain/selection.ts';
import { emptyReport, type MirrorReport } from '../../src-main/engine/domain/job.ts';
import type { RunFacts, Settlement, Store } from '../../src-main/engine/ports/store.ts';
import { facts } from './facts.ts';
import { errorRecord } from './scripted-facts.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const pageSize = 200;

const owners = ['ada', 'acme-labs', 'northwind', 'tiny-tools', 'rust-garden', 'quietfox', 'mapmakers', 'Zebra-Works'];
const firstWords = ['fast', 'tiny', 'open', 'deep', 'cloud', 'paper', 'solar', 'river', 'static', 'typed', 'lazy'];
const secondWords = ['parser', 'cache', 'router', 'notes', 'engine', 'charts', 'shell', 'proxy', 'editor', 'fonts'];
const languages = ['TypeScript', 'Rust', 'Go', 'Python', 'C', 'C++', 'Java', 'Kotlin', 'Shell', 'Zig', null];
const licenses = ['MIT', 'Apache-2.0', 'GPL-3.0', null];
const topics = ['cli', 'database', 'graphics', 'self-hosted', 'wasm', 'testing', 'offline', 'maps', 'audio'];

function pick<T>(values: readonly T[], index: number): T {
  const value = values[index % values.length];
  if (value === undefined) throw new Error('nothing to pick from');
  return value;
}

/** Whoever owns many has a name without a number. */
function nameOf(number: number): string {
  const isOfMany = number % 3 !== 0;
  const owner = isOfMany ? pick(owners, number * 7) : `${pick(firstWords, number)}-dev-${number % 400}`;
  return `${owner}/${pick(firstWords, number * 5)}-${pick(secondWords, number * 3)}-${number}`;
}

function starOf(number: number, now: number): Star {
  return {
    starredAt: now - number * 5 * hourMs,
    repository: facts({
      githubId: number,
      fullName: nameOf(number),
      description:
        number % 13 === 0
          ? null
          : `The ${pick(firstWords, number)} ${pick(secondWords, number)} for ${pick(topics, number)} and ${pick(topics, number + 2)}, star number ${number}`,
      sizeKb: Math.round(40 * 1.0016 ** (number % 7_000)),
      isPrivate: number % 97 === 0,
      isFork: number % 23 === 0,
      isArchived: number % 41 === 0,
      language: pick(languages, number * 7 + Math.floor(number / 11)),
      licenseSpdx: pick(licenses, number),
      topics: [pick(topics, number), pick(topics, number + 2)],
      pushedAt: now - ((number * 37) % 5_000) * hourMs,
    }),
  };
}

/** The first ones are named by what happens to them; of the others a part is mirrored. */
export const seeded = { mirrored: 4_000, failed: 30, waiting: 20, running: 3, queued: 120 } as const;

function decisionOn(number: number): SelectionDecision {
  if (number % 211 === 0) return { selection: 'skip', reason: 'fork' };
  if (number % 503 === 0) return { selection: 'ask', reason: 'larger than 5 GB' };
  return { selection: 'mirror', reason: 'chosen by the rules' };
}

function run(now: number, number: number, outcome: RunFacts['outcome'], report: Partial<MirrorReport> = {}): RunFacts {
  const finishedAt = now - (number % 900) * 7 * minuteMs - minuteMs;
  const startedAt = finishedAt - 41_000;
  const phases = [{ phase: 'fetch' as const, durationMs: 30_000 }];
  return { startedAt, finishedAt, outcome, report: { ...emptyReport, phases, ...report }, error: null };
}

const movedReport: Partial<MirrorReport> = {
  created: 1,
  rewritten: 1,
  kept: 1,
  unchanged: 40,
  moved: [
    {
      ref: 'refs/heads/main',
      kind: 'rewrite',
      from: 'a'.repeat(40),
      to: 'b'.repeat(40),
      keptAs: 'refs/epicstar/kept/20261124T135500000Z/heads/main',
    },
    { ref: 'refs/tags/v2.0.0', kind: 'create', from: null, to: 'c'.repeat(40), keptAs: null },
  ],
  unfit: [{ ref: 'refs/heads/a,b', reason: 'the name has a comma' }],
};

function doneBy(number: number, fullName: string, finishedAt: number): Settlement {
  const projectPath = `github/${fullName}`;
  return {
    state: 'done',
    proof: {
      projectId: String(number),
      projectPath,
      projectUrl: `https://onedev.example.org/${projectPath}`,
      fullName,
      defaultBranch: 'main',
      pushedAt: finishedAt,
      verifiedAt: finishedAt,
      refCount: 40 + (number % 200),
      cacheBytes: 4_096,
    },
  };
}

function failure(number: number) {
  const output =
    'remote: Enumerating objects: 812, done.\nfatal: early EOF\nfatal: fetch-pack: invalid index-pack output';
  return number % 2 === 0
    ? errorRecord('git-network', '', { output })
    : errorRecord('target-name-clash', 'Its place is taken there.');
}

/** How the job that was claimed `turn`-th ends; null: it stays in work. */
function settlementOf(turn: number, number: number, fullName: string, now: number): [Settlement, RunFacts] | null {
  if (turn < seeded.mirrored) {
    const report = run(now, number, 'done', turn % 5 === 0 ? movedReport : { fastForwarded: 2, unchanged: 30 });
    return [doneBy(number, fullName, report.finishedAt), report];
  }
  if (turn < seeded.mirrored + seeded.failed) {
    const error = failure(number);
    return [
      { state: 'failed', error },
      { ...run(now, number, 'failed'), error },
    ];
  }
  if (turn < seeded.mirrored + seeded.failed + seeded.waiting) {
    const error = errorRecord('git-network');
    const runAfter = now + 12 * minuteMs;
    return [
      { state: 'waiting', runAfter, reason: 'retry', error, countsAsAttempt: true },
      { ...run(now, number, 'retry'), error },
    ];
  }
  return null;
}

export async function seedStars(store: Store, count: number, now: number): Promise<void> {
  const { mirrored, failed, waiting, running, queued } = seeded;
  const claimed = mirrored + failed + waiting + running;
  const wanted = new Set<number>();
  for (let number = 1; wanted.size < Math.min(count, claimed + queued); number += 1) {
    if (decisionOn(number).selection === 'mirror') wanted.add(number);
  }
  for (let first = 1; first <= count; first += pageSize) {
    const length = Math.min(pageSize, count - first + 1);
    const stars = Array.from({ length }, (_, index) => starOf(first + index, now));
    await store.observeStars(
      stars,
      now - minuteMs,
      (_known, star) => (wanted.has(star.repository.githubId) ? 'new-star' : null),
      (_known, star) => decisionOn(star.repository.githubId),
    );
  }
  for (let turn = 0; turn < claimed; turn += 1) {
    const job = await store.claimNextJob(now - 2 * minuteMs, true);
    if (job === null) break;
    const settled = settlementOf(turn, job.githubId, job.fullName, now);
    if (settled !== null) await store.settleJob(job.id, ...settled);
  }
  const all = await store.starredIds();
  await store.markAbsent(new Set(all.filter((id) => id % 307 !== 0)), now - hourMs);
}
