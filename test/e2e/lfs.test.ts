/** @file Files that Git LFS keeps: brought over by the engine on real git, real HTTP at both ends, and both targets. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LfsFile } from '../playground/github/index.ts';
import { createBare, importInto } from '../playground/repositories/bare-repository.ts';
import { ImportStream } from '../playground/repositories/import-stream.ts';
import { readTips } from '../playground/repositories/index.ts';
import { MirrorBench } from '../support/mirror-bench.ts';

const fullName = 'octo-org/artwork';
const attributes = '*.psd filter=lfs diff=lfs merge=lfs -text\n';

function pointer({ oid, size }: LfsFile): string {
  return `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${size}\n`;
}

let bench: MirrorBench;
let bareDir: string;
let id: number;

async function commit(files: Readonly<Record<string, string>>, branch = 'main'): Promise<void> {
  const ref = `refs/heads/${branch}`;
  const stream = new ImportStream();
  const isThere = Object.hasOwn(await readTips(bareDir), ref);
  stream.commit({ ref, message: 'm\n', files, ...(isThere ? { from: `${ref}^0` } : {}) });
  await importInto(bareDir, stream.chunks());
  bench.github.world.pushed(id);
}

async function start(targetKind: 'onedev' | 'folder'): Promise<void> {
  bench = await MirrorBench.start({ targetKind });
  bareDir = join(bench.dir, 'upstream', 'artwork.git');
  await mkdir(bareDir, { recursive: true });
  createBare(bareDir, 'main');
  const stream = new ImportStream();
  stream.commit({ ref: 'refs/heads/main', message: 'first\n', files: { '.gitattributes': attributes } });
  await importInto(bareDir, stream.chunks());
  id = bench.github.world.addRepository({ fullName, bareDir });
  bench.github.world.star(id);
}

const put = (text: string): LfsFile => bench.github.lfs.put(fullName, Buffer.from(text));

/** Files in the mirror, by their names, each checked. */
async function mirrored(): Promise<readonly string[]> {
  const dir = bench.mirrorDir(fullName);
  const folder = join(dir, bench.target.kind === 'folder' ? 'lfs/objects' : 'lfs-objects');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  for (const file of files) {
    const content = await readFile(join(file.parentPath, file.name));
    expect(createHash('sha256').update(content).digest('hex')).toBe(file.name);
  }
  return files.map((file) => file.name).sort();
}

const lfsState = async () => (await bench.store.extras(id)).lfs;
const stateOf = async () => (await bench.row(id)).state;
const leftHere = async (): Promise<readonly string[]> => readdir(join(bench.dataDir, 'lfs')).catch(() => []);
/** As the hour passes after which it is tried again. */
async function again(): Promise<void> {
  await bench.engine.mirrorNow([id]);
  await bench.engine.drained(75_000);
}

afterEach(async () => {
  expect(bench.github.lfs.credentialsSeen).toBe(0);
  expect(await leftHere()).toEqual([]);
  await bench.close();
});

describe.each(['onedev', 'folder'] as const)('files kept by LFS in %s', (targetKind) => {
  beforeEach(() => start(targetKind));

  it('of every branch and tag come over, once, and are proven by the mirror’s own word', async () => {
    const files = ['one', 'two', 'three'].map(put);
    const [one, two, three] = files;
    if (one === undefined || two === undefined || three === undefined) throw new Error('no files');
    await commit({ 'a.psd': pointer(one) });
    await commit({ 'a.psd': pointer(two) });
    await commit({ 'b.psd': pointer(three), '.gitattributes': attributes }, 'side');
    await bench.sync();
    expect(await stateOf()).toBe('mirrored');
    expect(await mirrored()).toEqual(files.map(({ oid }) => oid).sort());
    expect(await lfsState()).toMatchObject({ objects: 3, bytes: 11, missing: 0, reason: null });
    expect((await bench.row(id)).incomplete).toBeNull();
    expect(bench.runs.at(-1)?.report).toMatchObject({ lfsFiles: 3, lfsMissing: 0 });
    const { downloads, batches } = bench.github.lfs;
    expect(downloads).toBe(3);
    // Nothing is asked again where nothing moved.
    const processes = bench.git.processCount();
    await again();
    // This bench lets git itself list both ends.
    expect(bench.git.processCount()).toBe(processes + 2);
    expect(bench.github.lfs).toMatchObject({ downloads, batches });
    const four = put('four');
    await commit({ 'd.psd': pointer(four), 'copy.psd': pointer(one) });
    await bench.sync();
    expect(await mirrored()).toContain(four.oid);
    expect(bench.github.lfs.downloads).toBe(4);
    expect(bench.runs.at(-1)?.report).toMatchObject({ lfsFiles: 1 });
  });

  it('that upstream does not have make the mirror incomplete, and come when they are there', async () => {
    const one = put('one');
    const lost = Buffer.from('two');
    const oid = createHash('sha256').update(lost).digest('hex');
    await commit({ 'a.psd': pointer(one), 'b.psd': pointer({ oid, size: 3 }) });
    await bench.sync();
    expect(await stateOf()).toBe('mirrored');
    expect(await mirrored()).toEqual([one.oid]);
    expect((await bench.row(id)).incomplete).toBe(
      '1 of 2 LFS files is not in the mirror: 1 upstream does not have (Object does not exist on the server).',
    );
    expect(await bench.store.repositoryIds({ text: '', state: null, isIncomplete: true })).toEqual([id]);
    const { retryAt } = await bench.store.extras(id);
    expect(retryAt).toBeGreaterThan(Date.now() + 23 * 3_600_000);
    expect(await bench.store.dueExtras((retryAt ?? 0) - 1, 10)).toEqual([]);
    expect(await bench.store.dueExtras(retryAt ?? 0, 10)).toEqual([id]);
    bench.github.lfs.put(fullName, lost);
    await again();
    expect((await bench.row(id)).incomplete).toBeNull();
    expect((await bench.store.extras(id)).retryAt).toBeNull();
    expect(await mirrored()).toEqual([one.oid, oid].sort());
    expect(await bench.store.repositoryIds({ text: '', state: null, isIncomplete: true })).toEqual([]);
  });

  it('that come damaged are never kept', async () => {
    const [other, longer, fine, gone] = ['other', 'longer', 'fine', 'gone'].map(put);
    if (!other || !longer || !fine || !gone) throw new Error('no files');
    bench.github.lfs.fail(other.oid, { kind: 'other-bytes' });
    bench.github.lfs.fail(longer.oid, { kind: 'longer' });
    bench.github.lfs.fail(gone.oid, { kind: 'gone' });
    await commit({
      'a.psd': pointer(other),
      'b.psd': pointer(longer),
      'c.psd': pointer(fine),
      'd.psd': pointer(gone),
      // Says another size than the file has.
      'e.psd': pointer({ oid: put('size').oid, size: 3 }),
    });
    await bench.sync();
    expect(await mirrored()).toEqual([fine.oid]);
    expect((await bench.row(id)).incomplete).toMatch(
      /^4 of 5 LFS files are not in the mirror: .*3 came damaged.*1 upstream does not have|^4 of 5 LFS files are not in the mirror: .*1 upstream does not have.*3 came damaged/,
    );
  });

  it('go through a connection that is cut once, and say so where it is cut for good', async () => {
    const [once, always] = ['x'.repeat(400_000), 'y'.repeat(400_000)].map(put);
    if (!once || !always) throw new Error('no files');
    bench.github.lfs.fail(once.oid, { kind: 'cut', afterBytes: 100_000, times: 1 });
    bench.github.lfs.fail(always.oid, { kind: 'cut', afterBytes: 300_000, times: 99 });
    await commit({ 'a.psd': pointer(once), 'b.psd': pointer(always) });
    await bench.sync();
    expect(await mirrored()).toEqual([once.oid]);
    expect((await bench.row(id)).incomplete).toMatch(/^1 of 2 .*1 could not be fetched \(.* was cut\)\.$/);
    const { retryAt } = await bench.store.extras(id);
    expect(retryAt).toBeLessThan(Date.now() + 2 * 3_600_000);
  });

  it('wait while the account has no allowance left, in GitHub’s words', async () => {
    const words = 'This repository is over its data quota. Purchase more data packs to restore access.';
    bench.github.lfs.refusal = { status: 403, message: words };
    const one = put('one');
    await commit({ 'a.psd': pointer(one) });
    await bench.sync();
    expect(await stateOf()).toBe('mirrored');
    expect((await bench.row(id)).incomplete).toBe(
      `1 of 1 LFS files is not in the mirror: 127.0.0.1:${new URL(bench.github.url).port} answers 403: ${words}`,
    );
    bench.github.lfs.refusal = null;
    await again();
    expect(await mirrored()).toEqual([one.oid]);
  });

  it('are found again by a new machine, and by one whose run was cut before they came', async () => {
    const one = put('one');
    bench.github.lfs.refusal = { status: 503, message: '' };
    await commit({ 'a.psd': pointer(one) });
    await bench.sync();
    expect(await mirrored()).toEqual([]);
    await bench.stop();
    bench.github.lfs.refusal = null;
    await bench.sync();
    await again();
    expect(await mirrored()).toEqual([one.oid]);
  });
});

describe('files kept by LFS on OneDev', () => {
  beforeEach(() => start('onedev'));

  it('go to the address that it has here, whatever its settings call it', async () => {
    bench.onedev.world.serverUrl = 'http://127.0.0.1:9';
    const one = put('one');
    await commit({ 'a.psd': pointer(one) });
    await bench.sync();
    expect(await mirrored()).toEqual([one.oid]);
    expect((await bench.row(id)).incomplete).toBeNull();
  });

  it('wait while it starts, and never stop branches and tags', async () => {
    const one = put('one');
    await commit({ 'a.psd': pointer(one) });
    const end = bench.onedev.faults.add({ kind: 'lfs', fault: { status: 500 } });
    await bench.sync();
    expect(await stateOf()).toBe('mirrored');
    expect((await bench.row(id)).incomplete).toMatch(/^1 of 1 LFS files is not in the mirror: .*answers 500/);
    end();
    await again();
    expect(await mirrored()).toEqual([one.oid]);
  });

  it('leave the branches alone when a person cancels, and come with the next run', async () => {
    const large = bench.github.lfs.putLarge(fullName, 30_000_000, 0x41);
    await commit({ 'a.psd': pointer(large) });
    await bench.open();
    await bench.engine.startOnce();
    const stop = bench.engine.subscribe('work', (items) => {
      const [item] = items;
      if (item?.phase === 'extras') void bench.engine.cancelJob(item.jobId);
    });
    await bench.engine.lookNow(false);
    await bench.engine.drained(75_000);
    stop();
    // What is proven stays proven.
    expect(bench.runs.at(-1)?.outcome).toBe('done');
    expect(await stateOf()).toBe('mirrored');
    expect((await bench.row(id)).incomplete).toBe('1 of 1 LFS files were not brought over yet.');
    expect(await bench.store.dueExtras(Date.now(), 10)).toEqual([id]);
    await again();
    expect(await mirrored()).toEqual([large.oid]);
  });
});
