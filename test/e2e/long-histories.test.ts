/**
 * @file Long histories: pushed in slices, fetched in steps, cut and gone on with, by the engine on real git and the
 * stand-ins.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkItem } from '../../src-main/engine/core/engine-api.ts';
import type { EngineOptions } from '../../src-main/engine/core/engine-parts.ts';
import { importInto } from '../playground/repositories/bare-repository.ts';
import { addCommit, createBare, generateLarge, readTips, runGit } from '../playground/repositories/index.ts';
import { ImportStream } from '../playground/repositories/import-stream.ts';
import { SeededBytes } from '../playground/repositories/seeded-bytes.ts';
import { MirrorBench } from '../support/mirror-bench.ts';
import { Stage } from '../support/stage.ts';

const sliceBytes = 200_000;
const commitBytes = 20_000;
/** Of the long history, with what commits and folders take. */
const whole = 105 * commitBytes * 1.02;
/** A run that fails is over. */
const slowly = { quickAttempts: 0, quickFirstMs: 1e8, factor: 1, quickMostMs: 1e8, slowFirstMs: 1e8, slowMostMs: 1e8 };
const sliced: Partial<EngineOptions> = {
  retry: slowly,
  pushLimits: {
    refsPerPush: 500,
    smallPackBytes: 50_000,
    smallPushesAtOnce: 4,
    slices: { bytes: sliceBytes, ms: 60_000 },
  },
};

let bench: MirrorBench;
let bareDir: string;
let id: number;
let seen: WorkItem[];

beforeEach(async () => {
  bench = await MirrorBench.start({ options: sliced });
  bareDir = join(bench.dir, 'upstream', 'ada', 'long.git');
  seen = [];
});
afterEach(() => bench.close());

/** So many commits of incompressible bytes on a branch; goes on from the mark. */
function line(stream: ImportStream, ref: string, count: number, bytes = commitBytes, from?: string): string {
  let mark = from;
  for (let index = 0; index < count; index += 1) {
    const files = { [`file-${index % 7}`]: new SeededBytes(`${ref} ${index} ${from ?? ''}`).take(bytes) };
    mark = stream.commit({ ref, message: `${ref} ${index}`, files, ...(mark === undefined ? {} : { from: mark }) });
  }
  return mark ?? '';
}

async function star(fill: (stream: ImportStream) => void, dir = bareDir, fullName = 'ada/long'): Promise<number> {
  mkdirSync(join(dir, '..'), { recursive: true });
  createBare(dir, 'main');
  const stream = new ImportStream();
  fill(stream);
  await importInto(dir, stream.chunks());
  const added = bench.github.world.addRepository({ fullName, bareDir: dir, defaultBranch: 'main' });
  bench.github.world.star(added);
  return added;
}

const starLong = async (): Promise<void> => {
  id = await star((stream) => {
    const main = line(stream, 'refs/heads/main', 100);
    line(stream, 'refs/heads/side', 5, commitBytes, main);
    stream.annotatedTag('v1', main, 'one');
  });
};

/** @param status 200: those that arrived; 0: those that were cut */
const uploads = (status?: 200 | 0): readonly number[] =>
  bench.onedev.log
    .find({ method: 'POST', path: /git-receive-pack$/, ...(status === undefined ? {} : { status }) })
    .map(({ bytesIn }) => bytesIn)
    .filter((bytes) => bytes > 2_000);

const total = (bytes: readonly number[]): number => bytes.reduce((sum, each) => sum + each, 0);

/** Opens the engine and begins. @param onSlice hears of each slice as it begins */
async function begin(onSlice: (number: number) => void = () => undefined): Promise<void> {
  const engine = await bench.open();
  let last = 0;
  engine.subscribe('work', (items) => {
    seen.push(...items);
    const number = items[0]?.phase === 'push' ? (items[0].part?.number ?? 0) : 0;
    if (number > last) onSlice(number);
    last = Math.max(last, number);
  });
  await engine.startOnce();
}

/** So that what happens between two slices can be met. */
function atLeisure(): void {
  bench.onedev.faults.add({ kind: 'git', path: /receive-pack/, fault: { requestBytesPerSecond: 600_000 } });
}

async function stopAtSlice(stopAt: number): Promise<void> {
  atLeisure();
  const reached = Promise.withResolvers<void>();
  await begin((number) => {
    if (number >= stopAt) reached.resolve();
  });
  await bench.engine.lookNow(false);
  await reached.promise;
  await bench.stop();
  bench.onedev.faults.clear();
}

async function goOn(): Promise<void> {
  await begin();
  await bench.sync();
}

async function expectMirrored(dir = bareDir, fullName = 'ada/long'): Promise<void> {
  // Nothing is incoming any more.
  expect(await readTips(bench.mirrorDir(fullName))).toEqual(await readTips(dir));
  expect(await runGit(bench.mirrorDir(fullName), ['fsck', '--connectivity-only', '--no-dangling'])).toBe('');
}

describe('a long history is pushed', () => {
  it('in slices below the limit, which are told, and leaves no ref behind', async () => {
    await starLong();
    atLeisure();
    await begin();
    await bench.sync();
    await expectMirrored();
    const sizes = uploads();
    expect(sizes.length).toBeGreaterThan(10);
    expect(Math.max(...sizes)).toBeLessThan(sliceBytes * 1.05);
    expect(total(sizes)).toBeLessThan(105 * commitBytes * 1.1);
    const parts = seen.flatMap(({ phase, part }) => (phase === 'push' && part !== null ? [part] : []));
    // Not each change is told where they follow each other fast.
    const told = new Set(parts.map(({ number }) => number));
    expect(told.size).toBeGreaterThan(3);
    expect(Math.max(...told)).toBeLessThanOrEqual(sizes.length);
    for (const { number, of } of parts) {
      expect(of).toBeGreaterThanOrEqual(number);
      expect(Math.abs((of ?? 0) - sizes.length)).toBeLessThanOrEqual(2);
    }
    const [run] = bench.runs;
    expect(run?.report.bytesSent).toBeGreaterThan(105 * commitBytes);
    expect(run?.report.bytesSent).toBeLessThan(total(sizes) * 1.02);
  });

  it('smaller ones where the server is slow', async () => {
    await starLong();
    bench.onedev.faults.add({ kind: 'git', path: /receive-pack/, fault: { requestBytesPerSecond: 400_000 } });
    const slices = { bytes: 1e6, ms: 1_000 };
    const limits = { refsPerPush: 500, smallPackBytes: 50_000, smallPushesAtOnce: 4, slices };
    await bench.open({ pushLimits: limits });
    await bench.engine.startOnce();
    await bench.sync();
    await expectMirrored();
    const sizes = uploads();
    // The first one is a guess; what follows takes a second each, about.
    expect(Math.max(...sizes.slice(1))).toBeLessThan(600_000);
    expect(sizes.length).toBeGreaterThan(4);
  });

  it('and goes on after a cut, sending again one slice at most', async () => {
    await starLong();
    atLeisure();
    let isCut = false;
    await begin((number) => {
      if (number < 8 || isCut) return;
      isCut = true;
      const fault = { cutRequestAfterBytes: sliceBytes / 2 };
      bench.onedev.faults.clear();
      bench.onedev.faults.add({ kind: 'git', method: 'POST', path: /receive-pack/, fault });
    });
    await bench.engine.lookNow(false);
    await bench.engine.drained(1_000);
    expect((await bench.row(id)).job).toMatchObject({ state: 'waiting', error: { code: 'git-network' } });
    const incoming = Object.keys(await readTips(bench.mirrorDir('ada/long')));
    expect(incoming.filter((ref) => ref.startsWith('refs/epicstar/incoming/'))).toEqual(incoming);
    expect(incoming.length).toBe(1);
    await bench.stop();
    bench.onedev.faults.clear();
    // As a start of the program after the wait.
    await begin();
    await bench.engine.mirrorNow([id]);
    await bench.engine.drained(75_000);
    await expectMirrored();
    // Nothing that arrived is sent again.
    expect(total(uploads(200))).toBeLessThan(whole * 1.02);
    expect(Math.max(...uploads(0))).toBeLessThan(sliceBytes * 1.05);
    expect(uploads(0).length).toBeLessThanOrEqual(2);
  });

  it('and goes on after the end of the program between two slices', async () => {
    await starLong();
    await stopAtSlice(6);
    expect(total(uploads())).toBeGreaterThan(sliceBytes * 3);
    await goOn();
    await expectMirrored();
    // Nothing that arrived is sent again.
    expect(total(uploads(200))).toBeLessThan(whole * 1.02);
    expect(Math.max(...uploads(0))).toBeLessThan(sliceBytes * 1.05);
    expect(uploads(0).length).toBeLessThanOrEqual(2);
  });

  it('also where upstream rewrote it meanwhile', async () => {
    await starLong();
    await stopAtSlice(6);
    await runGit(bareDir, ['update-ref', 'refs/heads/main', 'refs/heads/main~95']);
    await runGit(bareDir, ['update-ref', '-d', 'refs/heads/side']);
    await runGit(bareDir, ['update-ref', '-d', 'refs/tags/v1']);
    await addCommit(bareDir, 'main', 'another');
    bench.github.world.pushed(id);
    await goOn();
    await expectMirrored();
  });

  it('with a commit that is larger than a slice, and with many small branches', async () => {
    id = await star((stream) => {
      const root = line(stream, 'refs/heads/main', 20);
      const large = line(stream, 'refs/heads/main', 1, sliceBytes * 3, root);
      line(stream, 'refs/heads/main', 20, commitBytes, large);
      for (let index = 0; index < 60; index += 1) line(stream, `refs/heads/small-${index}`, 1, commitBytes, root);
    });
    await begin();
    await bench.sync();
    await expectMirrored();
    const sizes = uploads().toSorted((a, b) => b - a);
    expect(sizes[0]).toBeGreaterThan(sliceBytes * 3);
    expect(sizes[0]).toBeLessThan(sliceBytes * 3.3);
    expect(sizes[1]).toBeLessThan(sliceBytes * 1.05);
  });

  it('what a cut left incoming is removed although nothing else is to be done', async () => {
    await starLong();
    await begin();
    await bench.sync();
    const ref = `refs/epicstar/incoming/${await runGit(bareDir, ['rev-parse', 'main~9'])}`.trim();
    await runGit(bench.mirrorDir('ada/long'), ['update-ref', ref, 'refs/heads/main~9']);
    await bench.engine.mirrorNow([id]);
    await bench.engine.drained(75_000);
    await expectMirrored();
  });

  it('at once where it is no longer than a slice, with no process and no request more', async () => {
    const counts: number[] = [];
    for (const [name, slices] of [
      ['one', { bytes: 500_000, ms: 60_000 }],
      ['two', null],
    ] as const) {
      const dir = join(bench.dir, 'upstream', 'ada', `${name}.git`);
      await star((stream) => void line(stream, 'refs/heads/main', 20), dir, `ada/${name}`);
      bench.onedev.log.clear();
      await bench.open({ pushLimits: { refsPerPush: 500, smallPackBytes: 50_000, smallPushesAtOnce: 4, slices } });
      await bench.engine.startOnce();
      await bench.sync();
      await expectMirrored(dir, `ada/${name}`);
      counts.push(bench.git.processCount(), bench.onedev.log.count({ kind: 'git' }));
      await bench.stop();
    }
    expect(counts.slice(0, 2)).toEqual(counts.slice(2));
  });
});

describe('a long history is fetched', () => {
  const stepped = { ...sliced, deepenBytes: 1_000_000 };
  const fetched = (): number =>
    bench.github.log.filter({ kind: 'git', path: /git-upload-pack$/ }).reduce((sum, { bytesOut }) => sum + bytesOut, 0);

  it('in steps, which are told; a cut loses one, and nothing is pushed before all is there', async () => {
    await starLong();
    const path = '/ada/long.git/git-upload-pack';
    const cut = bench.github.faults.add({ kind: 'cut', path, afterBytes: 20_000, match: () => fetched() > 1_300_000 });
    await bench.open(stepped);
    bench.engine.subscribe('work', (items) => seen.push(...items));
    await bench.engine.startOnce();
    await bench.engine.lookNow(false);
    await bench.engine.drained(1_000);
    cut.remove();
    expect((await bench.row(id)).job).toMatchObject({ state: 'waiting', error: { code: 'git-network' } });
    expect(uploads()).toEqual([]);
    const before = fetched();
    expect(before).toBeGreaterThan(1_000_000);
    await bench.stop();
    await bench.open(stepped);
    await bench.engine.startOnce();
    await bench.engine.mirrorNow([id]);
    await bench.engine.drained(75_000);
    await expectMirrored();
    expect(fetched()).toBeLessThan(105 * commitBytes * 1.05 + 250_000);
    const steps = seen.flatMap(({ phase, part }) => (phase === 'fetch' && part !== null ? [part] : []));
    expect(steps.length).toBeGreaterThan(0);
    for (const { of } of steps) expect(of).toBeNull();
  });
});

describe('settings of long histories', () => {
  it('sliceMb, sliceSeconds and deepenMb have their effect on OneDev, and slices none on a folder', async () => {
    const stage = await Stage.start(0);
    try {
      stage.add(await generateLarge(join(stage.dir, 'upstream'), 12));
      const run = async (change: Readonly<Record<string, string>>) => {
        const installation = await stage.install(change);
        stage.github.log.clear();
        const { exitCode, stdout } = await installation.run(['sync', '--json']);
        expect(exitCode).toBe(0);
        const summary: unknown = JSON.parse(stdout);
        const pushes = installation.onedev.log.find({ method: 'POST', path: /receive-pack$/ });
        return {
          large: pushes.filter(({ bytesIn }) => bytesIn > 100_000).length,
          fetches: stage.github.log.count({ kind: 'git', path: /upload-pack$/ }),
          summary,
        };
      };
      const off = { EPICSTAR_SLICE_MB: '0', EPICSTAR_DEEPEN_MB: '0' };
      const [usual, none, small, brief, deep] = [
        await run({}),
        await run(off),
        await run({ EPICSTAR_SLICE_MB: '5' }),
        await run({ EPICSTAR_SLICE_MB: '9', EPICSTAR_SLICE_SECONDS: '1' }),
        await run({ EPICSTAR_DEEPEN_MB: '1' }),
      ];
      expect([usual.large, none.large, small.large]).toEqual([1, 1, 3]);
      expect(brief.large).toBeGreaterThan(1);
      expect(deep.fetches).toBeGreaterThan(usual.fetches + 2);
      const folder = (name: string) => ({ EPICSTAR_TARGET: 'folder', EPICSTAR_FOLDER: join(stage.dir, name) });
      const [cut, whole] = [
        await run({ ...folder('a'), EPICSTAR_SLICE_MB: '1' }),
        await run({ ...folder('b'), ...off }),
      ];
      expect(cut.summary).toMatchObject({ mirrored: 1 });
      expect(processesOf(cut.summary)).toBe(processesOf(whole.summary));
    } finally {
      await stage.close();
    }
  });
});

function processesOf(summary: unknown): unknown {
  return summary !== null && typeof summary === 'object' && 'gitProcesses' in summary ? summary.gitProcesses : null;
}
