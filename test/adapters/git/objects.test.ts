/** @file Questions about objects: missing ones, types, ancestry, sizes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Git, GitCache } from '../../../src-main/engine/ports/git.ts';
import { runGit } from '../../playground/repositories/index.ts';
import { commits, GitBench, openEmpty, quietCall } from './git-bench.ts';

let bench: GitBench;
let git: Git;
let cache: GitCache;
const at = (ref: string): Promise<string> => bench.tip('a', ref);

beforeAll(async () => {
  bench = await GitBench.start();
  const bareDir = await bench.repository('a', (stream) => {
    const base = commits(stream, 'refs/heads/main', 10, 400);
    const side = commits(stream, 'refs/heads/side', 3, 400, base);
    const more = commits(stream, 'refs/heads/main', 5, 400, base);
    const merged = stream.commit({ ref: 'refs/heads/merged', message: 'm', from: more, merge: side, files: {} });
    commits(stream, 'refs/heads/merged', 4, 400, merged);
    commits(stream, 'refs/heads/apart', 3, 400);
    stream.annotatedTag('outer', stream.annotatedTag('inner', base, 'inner'), 'outer');
  });
  const blob = (await runGit(bareDir, ['hash-object', '-w', '--stdin'], ['text'])).trim();
  const tree = (await runGit(bareDir, ['rev-parse', 'refs/heads/main^{tree}'])).trim();
  await runGit(bareDir, ['update-ref', 'refs/tags/blob', blob]);
  await runGit(bareDir, ['update-ref', 'refs/tags/tree', tree]);
  git = bench.git();
  cache = await openEmpty(git);
  await git.fetch(cache, bench.remote('a'), quietCall());
});
afterAll(() => bench.stop());

test('missing objects are told in one process, whatever the number', async () => {
  const tip = await at('refs/heads/main');
  const absent = Array.from({ length: 3000 }, (_, index) => index.toString(16).padStart(40, '0'));
  const before = git.processCount();
  expect(await git.missingObjects(cache, [tip, ...absent, tip], quietCall())).toEqual(new Set(absent));
  expect(git.processCount()).toBe(before + 1);
  expect((await git.missingObjects(cache, [], quietCall())).size).toBe(0);
});

test('tags are followed to their end', async () => {
  const [outer, blob, tree, main] = await Promise.all(
    ['refs/tags/outer', 'refs/tags/blob', 'refs/tags/tree', 'refs/heads/main'].map(at),
  );
  if (outer === undefined || blob === undefined || tree === undefined || main === undefined) throw new Error('no refs');
  expect(await git.peeledTypes(cache, [outer, blob, tree, main], quietCall())).toEqual(
    new Map([
      [outer, 'commit'],
      [blob, 'blob'],
      [tree, 'tree'],
      [main, 'commit'],
    ]),
  );
  await expect(git.peeledTypes(cache, ['0'.repeat(39) + '1'], quietCall())).rejects.toMatchObject({
    code: 'git-corrupt',
  });
});

describe('files at tips', () => {
  const paths = ['ci.yml', 'old-ci'];

  /** What a repository says whose only commit has this tree; the tip may be a tag of a tag of it. */
  async function found(entries: string, isTagged = false): Promise<readonly string[]> {
    const bareDir = await bench.repository(`files-${Math.random()}`, (stream) =>
      commits(stream, 'refs/heads/main', 1, 1),
    );
    const git = bench.git();
    const { cache } = await git.openCache(Math.floor(Math.random() * 1e9));
    const blob = (await runGit(bareDir, ['hash-object', '-w', '--stdin'], ['text'])).trim();
    const inner = (await runGit(bareDir, ['mktree'], [`100644 blob ${blob}\tci.yml\n`])).trim();
    const commit = (await runGit(bareDir, ['rev-parse', 'refs/heads/main'])).trim();
    const lines = entries
      .replace(/BLOB/g, blob)
      .replace(/TREE/g, inner)
      .replace(/COMMIT/g, commit);
    const tree = (await runGit(bareDir, ['mktree', '--missing'], [lines])).trim();
    const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
    const made = (await runGit(bareDir, [...identity, 'commit-tree', tree, '-m', 'files'])).trim();
    let tip = made;
    for (const name of isTagged ? ['inner', 'outer'] : []) {
      await runGit(bareDir, [...identity, 'tag', '-a', '-m', name, name, tip]);
      tip = (await runGit(bareDir, ['rev-parse', `refs/tags/${name}`])).trim();
    }
    await runGit(bareDir, ['update-ref', 'refs/heads/files', made]);
    await git.fetch(cache, { url: bareDir, transport: 'file', authorization: null }, quietCall());
    const answer = await git.filesAtTips(cache, [tip, tip, commit, blob], paths, quietCall());
    expect([...answer.keys()].every((oid) => oid === tip)).toBe(true);
    return [...answer.values()];
  }

  test.each([
    ['a file', '100644 blob BLOB\tci.yml\n', ['ci.yml']],
    ['an executable', '100755 blob BLOB\tci.yml\n', ['ci.yml']],
    ['a link', '120000 blob BLOB\tci.yml\n', ['ci.yml']],
    ['the other path', '100644 blob BLOB\told-ci\n', ['old-ci']],
    ['both', '100644 blob BLOB\tci.yml\n100644 blob BLOB\told-ci\n', ['ci.yml']],
    ['a folder', '040000 tree TREE\tci.yml\n', []],
    ['a submodule', '160000 commit COMMIT\tci.yml\n', []],
    ['a file further down', '040000 tree TREE\tsub\n', []],
    ['another case', '100644 blob BLOB\tCI.yml\n', []],
  ])('%s', async (_what, entries, expected) => {
    expect(await found(entries)).toEqual(expected);
  });

  test('through tags of tags, in one process, and none at all without any tip', async () => {
    expect(await found('100644 blob BLOB\tci.yml\n', true)).toEqual(['ci.yml']);
    const before = git.processCount();
    const tips = [await at('refs/heads/main'), await at('refs/tags/blob'), await at('refs/tags/tree')];
    expect(await git.filesAtTips(cache, tips, paths, quietCall())).toEqual(new Map());
    expect(git.processCount()).toBe(before + 1);
    expect(await git.filesAtTips(cache, [], paths, quietCall())).toEqual(new Map());
    expect(git.processCount()).toBe(before + 1);
  });
});

describe('fastForwards', () => {
  const names = ['main', 'main~1', 'main~7', 'side', 'side~2', 'merged', 'merged~2', 'merged~4', 'apart', 'apart~2'];

  test('agrees with git on every pair of a history with merges and a second root', async () => {
    const oids = await Promise.all(names.map((name) => at(`refs/heads/${name}`)));
    const pairs = oids.flatMap((old) => oids.map((next) => ({ old, new: next })));
    const expected = new Set<number>();
    for (const [index, pair] of pairs.entries()) {
      const isAncestor = await runGit(bench.bare('a'), ['merge-base', '--is-ancestor', pair.old, pair.new]).then(
        () => true,
        () => false,
      );
      if (isAncestor) expected.add(index);
    }
    expect(await git.fastForwards(cache, pairs, quietCall())).toEqual(expected);
    for (const [index, pair] of pairs.entries()) {
      const alone = await git.fastForwards(cache, [pair], quietCall());
      expect(alone.has(0)).toBe(expected.has(index));
    }
  });

  test('takes two processes at most where old tips do not hold each other', async () => {
    const [main, old, side, apart] = await Promise.all(
      ['main', 'main~3', 'side~2', 'apart'].map((name) => at(`refs/heads/${name}`)),
    );
    if (main === undefined || old === undefined || side === undefined || apart === undefined)
      throw new Error('no refs');
    const before = git.processCount();
    const pairs = [
      { old, new: main },
      { old: side, new: main },
      { old: apart, new: main },
    ];
    expect(await git.fastForwards(cache, pairs, quietCall())).toEqual(new Set([0]));
    expect(git.processCount()).toBe(before + 2);
  });

  test('an absent commit is a damaged cache', async () => {
    const main = await at('refs/heads/main');
    const absent = 'f'.repeat(40);
    for (const pairs of [
      [{ old: absent, new: main }],
      [
        { old: absent, new: main },
        { old: main, new: main },
      ],
    ]) {
      await expect(git.fastForwards(cache, pairs, quietCall())).rejects.toMatchObject({ code: 'git-corrupt' });
    }
    expect((await git.fastForwards(cache, [], quietCall())).size).toBe(0);
  });
});

test('packBytes is no less than the pack, and less for who has a part', async () => {
  await bench.repository('b', (stream) => void commits(stream, 'refs/heads/main', 8, 300_000));
  const big = await openEmpty(git, 2);
  await git.fetch(big, bench.remote('b'), quietCall());
  const [tip, part] = [await bench.tip('b', 'refs/heads/main'), await bench.tip('b', 'refs/heads/main~2')];
  const all = await git.packBytes(big, [tip], [], quietCall());
  const rest = await git.packBytes(big, [tip], [part, 'e'.repeat(40)], quietCall());
  const pack = await runGit(big.dir, ['rev-list', '--objects', '--disk-usage', tip, `^${part}`]);
  expect(all).toBeGreaterThan(8 * 300_000);
  expect(rest).toBe(Number(pack));
  expect(rest).toBeGreaterThan(2 * 300_000);
  expect(rest).toBeLessThan(all / 2);
  expect(await git.packBytes(big, [], [tip], quietCall())).toBe(0);
});
