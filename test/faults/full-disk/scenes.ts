/**
 * @file Scenes in which a disk is full, played by {@link playScene}: each writes what it saw as JSON. Real git, SQLite
 * and HTTP on real small file systems.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPinoLog } from '../../../src-main/engine/adapters/system/pino-log.ts';
import { createRedactor } from '../../../src-main/engine/adapters/system/redactor.ts';
import type { Clock } from '../../../src-main/engine/ports/clock.ts';
import { addCommit, generateLarge, generateSmall, readTips } from '../../playground/repositories/index.ts';
import { MirrorBench, type MirrorBenchOptions } from '../../support/mirror-bench.ts';
import { SmallDisk } from '../../support/small-disk.ts';
import { realClock } from '../../support/real-clock.ts';
import { waitUntil } from '../../support/wait.ts';

const minuteMs = 60_000;

/** The clock of this computer, put forward as a scene likes. */
class LeapingClock implements Clock {
  #aheadMs = 0;
  now = (): number => realClock.now() + this.#aheadMs;
  monotonicMs = (): number => realClock.monotonicMs();
  setTimer = (delayMs: number, fire: () => void): (() => void) => realClock.setTimer(delayMs, fire);
  leap(ms: number): void {
    this.#aheadMs += ms;
  }
}

class Scene {
  readonly bench: MirrorBench;
  readonly clock: LeapingClock;
  readonly big: { readonly id: number; readonly fullName: string; readonly bareDir: string };
  readonly small: { readonly id: number; readonly fullName: string; readonly bareDir: string };

  private constructor(bench: MirrorBench, clock: LeapingClock, big: Scene['big'], small: Scene['small']) {
    this.bench = bench;
    this.clock = clock;
    this.big = big;
    this.small = small;
  }

  static async start(bigMegabytes: number, options: MirrorBenchOptions = {}): Promise<Scene> {
    const clock = new LeapingClock();
    const bench = await MirrorBench.start({ ...options, clock });
    const big = await generateLarge(join(bench.dir, 'upstream'), bigMegabytes);
    const [small] = await generateSmall(join(bench.dir, 'upstream'), 1);
    if (small === undefined) throw new Error('nothing was generated');
    const { world } = bench.github;
    // GitHub's figure is no help here, as for a repository that was just pushed.
    return new Scene(
      bench,
      clock,
      { ...big, id: world.addRepository({ ...big, sizeKb: 10 }) },
      { ...small, id: world.addRepository(small) },
    );
  }

  async close(disk: SmallDisk): Promise<void> {
    await this.bench.stop();
    await disk.unmount();
    await this.bench.close();
  }

  star(which: 'big' | 'small'): void {
    this.bench.github.world.star(this[which].id);
  }

  async look(): Promise<void> {
    await this.bench.engine.lookNow(true);
  }

  /** Until the job came to this state, or to an error of this code. */
  waitFor(which: 'big' | 'small', state: string): Promise<true> {
    return waitUntil(`${which} is ${state}`, async () => {
      const { job } = await this.bench.row(this[which].id);
      return job?.state === state || undefined;
    });
  }

  async jobOf(which: 'big' | 'small') {
    const { job } = await this.bench.row(this[which].id);
    if (job === null) return null;
    const { state, waitReason, attempt, error } = job;
    return {
      state,
      waitReason,
      attempt,
      code: error?.code ?? null,
      message: error?.message ?? null,
      data: error?.data,
    };
  }

  async troubles() {
    const { troubles } = await this.bench.engine.overview();
    const now = this.clock.now();
    return troubles.map(({ error, until }) => ({
      code: error.code,
      message: error.message,
      untilMinutes: until === null ? null : Math.round((until - now) / minuteMs),
    }));
  }

  async isMirrored(which: 'big' | 'small'): Promise<boolean> {
    const { bareDir, fullName } = this[which];
    const [source, mirror] = await Promise.all([readTips(bareDir), readTips(this.bench.mirrorDir(fullName))]);
    return JSON.stringify(source) === JSON.stringify(mirror);
  }

  packsFetched(which: 'big' | 'small'): number {
    return this.bench.github.log.count({ path: `/${this[which].fullName}.git/git-upload-pack` });
  }
}

/** The disk of the caches fills while a repository is fetched. */
async function fillsHere(options: MirrorBenchOptions = {}): Promise<unknown> {
  const scene = await Scene.start(8, options);
  const disk = await SmallDisk.mount(scene.bench.dataDir, 24);
  await scene.bench.open();
  await scene.bench.engine.startOnce();
  await disk.fill(5_000_000);
  scene.star('big');
  await scene.look();
  await scene.waitFor('big', 'waiting');
  const caught = { job: await scene.jobOf('big'), troubles: await scene.troubles() };
  const left = (await readdir(join(scene.bench.dataDir, 'cache'), { recursive: true })).filter((name) =>
    /tmp_|incoming$|\.pack$/.test(name),
  );
  const free = await disk.freeBytes();
  // The small one is not begun while the gate is shut.
  scene.star('small');
  await scene.look();
  await scene.bench.engine.drained(0);
  const meanwhile = await scene.jobOf('small');
  await disk.clear();
  scene.clock.leap(6 * minuteMs);
  await scene.look();
  await scene.bench.engine.drained(minuteMs);
  const after = {
    big: await scene.isMirrored('big'),
    small: await scene.isMirrored('small'),
    troubles: await scene.troubles(),
  };
  await scene.close(disk);
  return { caught, left, free, meanwhile, after };
}

/** Nothing at all can be written here, not even to the database. */
async function fullToTheBrim(): Promise<unknown> {
  const scene = await Scene.start(1);
  const disk = await SmallDisk.mount(scene.bench.dataDir, 24);
  scene.star('small');
  await scene.bench.sync();
  await disk.fill(0);
  const tip = await addCommit(scene.small.bareDir, 'main', 'more\n'.repeat(1_000));
  scene.bench.github.world.pushed(scene.small.id);
  scene.star('big');
  const look = await scene.look().then(
    () => 'looked',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : String(error)),
  );
  await scene.bench.engine.drained(0);
  const during = await scene.troubles();
  await disk.clear();
  scene.clock.leap(6 * minuteMs);
  await scene.look();
  await scene.bench.engine.drained(minuteMs);
  const mirrored = await readTips(scene.bench.mirrorDir(scene.small.fullName));
  const after = {
    isNewTipThere: Object.values(mirrored).includes(tip),
    big: await scene.isMirrored('big'),
    troubles: await scene.troubles(),
  };
  await scene.close(disk);
  return { look, during, after };
}

/** There is too little room, and that is known beforehand. */
async function tooLittleHere(): Promise<unknown> {
  const scene = await Scene.start(8, { tellsFree: true });
  const disk = await SmallDisk.mount(scene.bench.dataDir, 200);
  scene.star('big');
  await scene.bench.open();
  await scene.bench.engine.startOnce();
  await scene.look();
  await scene.waitFor('big', 'waiting');
  const caught = {
    job: await scene.jobOf('big'),
    troubles: await scene.troubles(),
    fetched: scene.packsFetched('big'),
  };
  await disk.resize(400);
  scene.clock.leap(6 * minuteMs);
  await scene.look();
  await scene.bench.engine.drained(minuteMs);
  const after = { big: await scene.isMirrored('big'), troubles: await scene.troubles() };
  await scene.close(disk);
  return { caught, dataDir: scene.bench.dataDir, after };
}

/** The same where the mirrors are, in a folder. */
async function tooLittleInFolder(): Promise<unknown> {
  const scene = await Scene.start(8, { targetKind: 'folder' });
  const disk = await SmallDisk.mount(scene.bench.mirrorFolder, 200);
  scene.star('big');
  await scene.bench.open();
  await scene.bench.engine.startOnce();
  await scene.look();
  await scene.waitFor('big', 'waiting');
  const caught = { job: await scene.jobOf('big'), troubles: await scene.troubles() };
  const refs = await readTips(scene.bench.mirrorDir(scene.big.fullName));
  await disk.resize(400);
  scene.clock.leap(6 * minuteMs);
  await scene.look();
  await scene.bench.engine.drained(minuteMs);
  const after = {
    big: await scene.isMirrored('big'),
    troubles: await scene.troubles(),
    fetched: scene.packsFetched('big'),
  };
  await scene.close(disk);
  return { caught, folder: scene.bench.mirrorFolder, refs, after };
}

/** OneDev's disk fills while it takes in a push; it tells so in git's words alone. */
async function fillsAtOnedev(): Promise<unknown> {
  const scene = await Scene.start(8);
  const disk = await SmallDisk.mount(join(scene.bench.dir, 'onedev'), 24);
  await disk.fill(5_000_000);
  scene.star('big');
  await scene.bench.open();
  await scene.bench.engine.startOnce();
  await scene.look();
  await scene.waitFor('big', 'waiting');
  const caught = { job: await scene.jobOf('big'), troubles: await scene.troubles() };
  const waits: (number | null)[] = [];
  for (const minutes of [6, 11, 21]) {
    scene.clock.leap(minutes * minuteMs);
    await scene.look();
    await scene.bench.engine.drained(minuteMs);
    waits.push((await scene.troubles())[0]?.untilMinutes ?? null);
  }
  const pushes = scene.bench.onedev.log.count({ method: 'POST', path: /git-receive-pack/ });
  await disk.clear();
  scene.clock.leap(61 * minuteMs);
  await scene.look();
  await scene.bench.engine.drained(minuteMs);
  const after = {
    big: await scene.isMirrored('big'),
    troubles: await scene.troubles(),
    fetched: scene.packsFetched('big'),
  };
  await scene.close(disk);
  return { caught, waits, pushes, after };
}

/** The log's own disk is full. */
async function fullLog(): Promise<unknown> {
  const disk = await SmallDisk.mount(await mkdtemp(join(tmpdir(), 'epicstar-log-')), 8);
  const told: string[] = [];
  let now = 0;
  const { log, flush, close } = await createPinoLog({
    level: 'info',
    format: 'json',
    redactor: createRedactor(),
    now: () => now,
    stderr: (line) => void told.push(line),
    stderrLevel: 'error',
    file: { path: join(disk.dir, 'epicstar') },
  });
  log.info('before');
  await disk.fill(0);
  for (let index = 0; index < 10_000; index += 1) log.info('while it is full', { index, text: 'x'.repeat(500) });
  await flush();
  now += minuteMs;
  log.info('still full');
  await disk.clear();
  now += minuteMs;
  log.info('there is room again');
  await flush();
  await close();

  const text = await readFile(join(disk.dir, 'epicstar.1.log'), 'utf8');
  await disk.unmount();
  await rm(disk.dir, { recursive: true });
  return {
    told,
    hasFirst: text.includes('before'),
    hasLast: text.includes('there is room again'),
    heldBytes: text.length,
  };
}

const scenes: Readonly<Record<string, () => Promise<unknown>>> = {
  fillsHere: () => fillsHere(),
  // The same where it is fetched in steps.
  fillsInSteps: () => fillsHere({ options: { deepenBytes: 5_000 } }),
  fullToTheBrim,
  tooLittleHere,
  tooLittleInFolder,
  fillsAtOnedev,
  fullLog,
};
const play = scenes[process.argv[2] ?? ''];
if (play === undefined) throw new Error('no such scene');
const seen = JSON.stringify(await play());
// A git of the stand-ins may still wait for a client that is gone.
process.stdout.write(seen, () => process.exit(0));
