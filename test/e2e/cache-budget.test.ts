/** @file The caches on a real disk: real git, a budget smaller than what is mirrored, and what of it is really used. */
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addCommit, generateLarge, readTips } from '../playground/repositories/index.ts';
import { MirrorBench } from '../support/mirror-bench.ts';

const mega = 1024 * 1024;
const each = 1;
const count = 8;
const budgetBytes = 3.5 * mega;
/** What one repository of a megabyte takes with git's own files. */
const oneBytes = 1.2 * mega;

interface Star {
  readonly id: number;
  readonly fullName: string;
  readonly bareDir: string;
}

/** As `du` counts, but for the folders themselves. */
async function bytesBelow(dir: string): Promise<number> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const sizes = entries.map(async (entry) => {
    if (!entry.isFile()) return 0;
    // Others come and go while it is counted.
    return stat(join(entry.parentPath, entry.name)).then(
      ({ size }) => size,
      () => 0,
    );
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

describe('the caches on the disk', () => {
  let bench: MirrorBench;
  let stars: readonly Star[];
  const cacheDir = (): string => join(bench.dataDir, 'cache');
  const cacheNames = async (): Promise<readonly string[]> => (await readdir(cacheDir())).toSorted();

  beforeEach(async () => {
    bench = await MirrorBench.start({ options: { cacheLimitBytes: budgetBytes, concurrency: 2 } });
    const made: Star[] = [];
    for (let index = 0; index < count; index += 1) {
      const dir = join(bench.dir, `upstream-${index}`);
      const one = { ...(await generateLarge(dir, each, `seed-${index}`)), fullName: `ada/number-${index}` };
      const id = bench.github.world.addRepository(one);
      bench.github.world.star(id);
      made.push({ ...one, id });
    }
    stars = made;
  });
  afterEach(() => bench.close());

  const expectMirrored = async ({ bareDir, fullName }: Star): Promise<void> => {
    expect(await readTips(bench.mirrorDir(fullName))).toEqual(await readTips(bareDir));
  };

  it('keep their budget after a backfill, and never pass it by more than what is in work', async () => {
    await bench.open();
    let most = 0;
    const over = new AbortController();
    const watching = (async (): Promise<void> => {
      while (!over.signal.aborted) {
        most = Math.max(most, await bytesBelow(cacheDir()).catch(() => 0));
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    await bench.engine.startOnce();
    await bench.sync();
    over.abort();
    await watching;
    for (const star of stars) await expectMirrored(star);
    const bytes = await bytesBelow(cacheDir());
    expect(bytes).toBeLessThanOrEqual(budgetBytes);
    expect(bytes).toBeGreaterThan(oneBytes);
    // Two at once.
    expect(most).toBeLessThanOrEqual(budgetBytes + 2 * oneBytes);
  });

  it('are brought within a smaller budget at the next start, and rid of what a cut fetch left', async () => {
    await bench.open({ cacheLimitBytes: 1e9 });
    await bench.engine.startOnce();
    await bench.sync();
    expect(await cacheNames()).toHaveLength(count);
    await bench.stop();
    const left = join(cacheDir(), `${stars[0]?.id}.git.incoming`, 'objects', 'pack');
    await mkdir(left, { recursive: true });
    await writeFile(join(left, 'tmp_pack_1'), Buffer.alloc(mega));

    await bench.open();
    await bench.engine.startOnce();
    await bench.stop();
    expect(await bytesBelow(cacheDir())).toBeLessThanOrEqual(budgetBytes);
    expect((await cacheNames()).filter((name) => !name.endsWith('.git'))).toEqual([]);
  });

  it('are made again from the mirror where they went', async () => {
    await bench.open();
    await bench.engine.startOnce();
    await bench.sync();
    const kept = new Set((await cacheNames()).map((name) => Number.parseInt(name, 10)));
    const gone = stars.find(({ id }) => !kept.has(id));
    if (gone === undefined) throw new Error('every cache is still there');
    const pulled = bench.onedev.log.count({ method: 'POST', path: /git-upload-pack/ });
    await addCommit(gone.bareDir, 'main', 'more');
    bench.github.world.pushed(gone.id);
    await bench.sync();
    await expectMirrored(gone);
    expect(bench.onedev.log.count({ method: 'POST', path: /git-upload-pack/ })).toBeGreaterThan(pulled);
    const run = bench.runs.findLast(({ githubId }) => githubId === gone.id);
    // The megabyte came from the mirror.
    expect(run?.report.bytesReceived).toBeLessThan(mega / 10);
    expect(await bytesBelow(cacheDir())).toBeLessThanOrEqual(budgetBytes);
  });

  it('do not grow by many small fetches beyond what came', { timeout: 240_000 }, async () => {
    const [star] = stars;
    if (star === undefined) throw new Error('no star');
    await bench.open({ cacheLimitBytes: 1e9 });
    await bench.engine.startOnce();
    await bench.sync();
    const before = await bytesBelow(join(cacheDir(), `${star.id}.git`));
    let mostPacks = 0;
    for (let index = 0; index < 60; index += 1) {
      await addCommit(star.bareDir, 'main', `${index} `.repeat(2_000));
      bench.github.world.pushed(star.id);
      await bench.sync();
      const files = await readdir(join(cacheDir(), `${star.id}.git`, 'objects', 'pack'));
      mostPacks = Math.max(mostPacks, files.filter((name) => name.endsWith('.pack')).length);
    }
    await expectMirrored(star);
    const grown = (await bytesBelow(join(cacheDir(), `${star.id}.git`))) - before;
    const received = bench.runs.slice(count).reduce((sum, { report }) => sum + report.bytesReceived, 0);
    expect(received).toBeGreaterThan(60 * 1_000);
    // Many small packs are put together; what is over is the index of each pack.
    expect(mostPacks).toBeLessThanOrEqual(51);
    expect(grown).toBeLessThan(received + 100_000);
  });
});
