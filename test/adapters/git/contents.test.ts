/** @file What commits say of LFS and submodules: found wherever it stands, and cheaply where there is nothing. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Git, GitCache } from '../../../src-main/engine/ports/git.ts';
import type { Contents, ContentsWanted } from '../../../src-main/engine/ports/git-contents.ts';
import { importInto, runGit } from '../../playground/repositories/bare-repository.ts';
import { ImportStream } from '../../playground/repositories/import-stream.ts';
import { GitBench, quietCall } from './git-bench.ts';

const attributes = '*.psd filter=lfs diff=lfs merge=lfs -text\n';

function pointerOf(text: string): { readonly oid: string; readonly size: number; readonly file: string } {
  const oid = createHash('sha256').update(text).digest('hex');
  const size = text.length;
  return { oid, size, file: `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${size}\n` };
}

const one = pointerOf('one');
const two = pointerOf('another one');
const three = pointerOf('a third one');

let bench: GitBench;
let git: Git;
let nextKey = 100;

beforeAll(async () => {
  bench = await GitBench.start();
  git = bench.git();
  await git.version();
});
afterAll(() => bench.stop());

interface Fetched {
  readonly key: number;
  readonly cache: GitCache;
  readonly bareDir: string;
  fetch(): Promise<void>;
  read(change?: Partial<ContentsWanted>): Promise<Contents | null>;
}

async function fetched(name: string, write: (stream: ImportStream) => void): Promise<Fetched> {
  const bareDir = await bench.repository(name, write);
  const key = (nextKey += 1);
  const { cache } = await git.openCache(key);
  const fetch = async (): Promise<void> => {
    await git.fetch(cache, bench.remote(name), quietCall());
  };
  await fetch();
  const read = async (change: Partial<ContentsWanted> = {}): Promise<Contents | null> => {
    const refs = await git.localRefs(cache, quietCall());
    const wanted = { key, refs, mark: null, branch: 'refs/heads/main', knowsLfs: false, knowsSubmodules: false };
    return git.readContents({ ...wanted, ...change }, quietCall());
  };
  return { key, cache, bareDir, fetch, read };
}

const oids = (contents: Contents | null): readonly string[] => (contents?.pointers ?? []).map(({ oid }) => oid).sort();

function plainCommit(stream: ImportStream, files: Record<string, string>): string {
  return stream.commit({ ref: 'refs/heads/main', message: 'm\n', files });
}

test('a repository without attributes costs one process, and none where nothing came since', async () => {
  const { read, cache } = await fetched('plain', (stream) => {
    for (let index = 0; index < 20; index += 1) plainCommit(stream, { [`src/${index}.txt`]: `${index}\n` });
  });
  const before = git.processCount();
  const contents = await read();
  expect(contents).toMatchObject({ pointers: [], submodules: null });
  expect(git.processCount()).toBe(before + 1);
  expect(contents?.mark).toBe(git.tipsMark(await git.localRefs(cache, quietCall())));
  expect(await read({ mark: contents?.mark ?? null })).toEqual({
    mark: contents?.mark,
    pointers: [],
    submodules: null,
  });
  expect(git.processCount()).toBe(before + 1);
});

test('pointers of every branch and tag are found, also those that no tip has any more', async () => {
  const { read } = await fetched('lfs', (stream) => {
    plainCommit(stream, { 'readme.md': 'hello\n' });
    const base = plainCommit(stream, { 'art/.gitattributes': attributes, 'art/a.psd': one.file });
    // Replaced, and the attributes gone with it, by a merge that keeps the other side.
    const side = stream.commit({
      ref: 'refs/heads/side',
      from: base,
      message: 's\n',
      files: { 'art/b.psd': two.file },
    });
    stream.annotatedTag('v1', side, 'one\n');
    plainCommit(stream, { 'art/.gitattributes': '\n', 'art/a.psd': 'no pointer any more\n' });
  });
  expect(oids(await read())).toEqual([one.oid, two.oid].sort());
});

test('only what is new is read, and all of it again where the memory was lost', async () => {
  const { read, fetch, bareDir, cache } = await fetched('grows', (stream) => {
    plainCommit(stream, { '.gitattributes': attributes, 'a.psd': one.file });
  });
  const first = await read();
  expect(oids(first)).toEqual([one.oid]);
  const stream = new ImportStream();
  stream.commit({ ref: 'refs/heads/main', from: 'refs/heads/main^0', message: 'm\n', files: { 'b.psd': two.file } });
  await importInto(bareDir, stream.chunks());
  await fetch();
  const known = { mark: first?.mark ?? null, knowsLfs: true };
  // It is cut before anybody wrote down what was found: the file in the cache is ahead of the memory.
  expect(oids(await read(known))).toEqual([two.oid]);
  expect(oids(await read(known))).toEqual([one.oid, two.oid].sort());
  const last = await read({ ...known, mark: git.tipsMark(await git.localRefs(cache, quietCall())) });
  expect(oids(last)).toEqual([]);
  await writeFile(join(cache.dir, 'epicstar-tips'), 'damaged');
  expect(oids(await read(known))).toEqual([one.oid, two.oid].sort());
});

test('a pointer that is older than the attributes is found when these come', async () => {
  const { read, fetch, bareDir } = await fetched('late', (stream) => {
    plainCommit(stream, { 'early.psd': three.file });
  });
  const first = await read();
  expect(oids(first)).toEqual([]);
  const stream = new ImportStream();
  stream.commit({
    ref: 'refs/heads/main',
    from: 'refs/heads/main^0',
    message: 'm\n',
    files: { '.gitattributes': attributes },
  });
  await importInto(bareDir, stream.chunks());
  await fetch();
  expect(oids(await read({ mark: first?.mark ?? null }))).toEqual([three.oid]);
});

test('attributes that say nothing of LFS lead to nothing more than being read', async () => {
  const { read } = await fetched('text', (stream) => {
    plainCommit(stream, { '.gitattributes': '* text=auto\n', 'a.psd': one.file });
  });
  const before = git.processCount();
  expect(oids(await read())).toEqual([]);
  expect(git.processCount()).toBe(before + 2);
});

test('submodules are read from the branch, hostile ones as text', async () => {
  const modules = [
    '[submodule "lib"]\n\tpath = lib\n\turl = https://github.com/ada/lib.git\n',
    '[submodule "../../evil"]\n\tpath = "two\\nlines"\n\turl = -oProxyCommand=evil\n\tupdate = !rm -rf /\n',
    '[submodule "half"]\n\tpath = half\n',
    '[include]\n\tpath = /etc/passwd\n',
  ];
  const { read, fetch, bareDir } = await fetched('modules', (stream) => {
    plainCommit(stream, { '.gitmodules': modules.join('') });
  });
  const first = await read();
  expect(first?.submodules).toEqual([
    { path: 'lib', address: 'https://github.com/ada/lib.git' },
    { path: 'two\nlines', address: '-oProxyCommand=evil' },
  ]);
  const stream = new ImportStream();
  stream.commit({
    ref: 'refs/heads/main',
    from: 'refs/heads/main^0',
    message: 'm\n',
    files: { '.gitmodules': 'not [ a config' },
  });
  await importInto(bareDir, stream.chunks());
  await fetch();
  const known = { mark: first?.mark ?? null, knowsSubmodules: true };
  expect((await read(known))?.submodules).toEqual([]);
  // The branch goes back: no commit is new, and what was known is asked for again.
  const second = git.tipsMark(new Map([['refs/heads/main', (await runGit(bareDir, ['rev-parse', 'main'])).trim()]]));
  await runGit(bareDir, ['update-ref', 'refs/heads/main', 'main^']);
  await fetch();
  expect((await read({ mark: second, knowsSubmodules: true }))?.submodules).toHaveLength(2);
});

test('blobs that only look like pointers are none, and a damaged tip is passed over', async () => {
  const { read, cache } = await fetched('odd', (stream) => {
    plainCommit(stream, {
      '.gitattributes': attributes,
      'short.psd': 'version https://git-lfs.github.com/spec/v1\n',
      'upper.psd': one.file.toUpperCase(),
      'more.psd': `${one.file}and more\n`,
      'empty.psd': '',
      'windows.psd': two.file.replaceAll('\n', '\r\n'),
      'extended.psd': three.file.replace('\noid', `\next-0-case sha256:${'0'.repeat(64)}\noid`),
      'zero.bin': 'a\0b\n\n\nc',
    });
  });
  const refs = new Map(await git.localRefs(cache, quietCall()));
  refs.set('refs/heads/only-in-the-mirror', '1'.repeat(40));
  expect(oids(await read({ refs }))).toEqual([two.oid, three.oid].sort());
});

test('without a cache nothing is said', async () => {
  const wanted = { key: 99, refs: new Map([['refs/heads/main', '1'.repeat(40)]]), mark: null, branch: null };
  expect(await git.readContents({ ...wanted, knowsLfs: false, knowsSubmodules: false }, quietCall())).toBeNull();
});

test('a huge file of attributes is not held in memory, and counts as one that may name LFS', async () => {
  const { read } = await fetched('huge-attributes', (stream) => {
    plainCommit(stream, { '.gitattributes': '\n'.repeat(4_000_000), 'a.psd': one.file });
  });
  const before = process.memoryUsage().rss;
  const contents = await read();
  expect(oids(contents)).toEqual([one.oid]);
  expect(process.memoryUsage().rss - before).toBeLessThan(300e6);
});
