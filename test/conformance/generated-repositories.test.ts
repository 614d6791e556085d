/** @file The generated repositories hold what their names promise, and are the same for the same seed. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addCommit,
  type GeneratedRepository,
  generateLarge,
  generateRepositories,
  generateSmall,
  readTips,
  rewriteHistory,
  runGit,
} from '../playground/repositories/index.ts';

describe('the generated repositories', () => {
  let dir: string;
  let generated: readonly GeneratedRepository[];

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'generated-'));
    generated = await generateRepositories(join(dir, 'first'));
  });

  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  const bareDirOf = (kind: GeneratedRepository['kind']): string => {
    const found = generated.find((repository) => repository.kind === kind);
    if (found === undefined) throw new Error(`no ${kind}`);
    return found.bareDir;
  };
  const refsOf = async (kind: GeneratedRepository['kind'], prefix: string): Promise<string[]> =>
    Object.keys(await readTips(bareDirOf(kind))).filter((name) => name.startsWith(prefix));

  it('are whole in the eyes of git', async () => {
    for (const { bareDir } of generated) {
      await expect(runGit(bareDir, ['fsck', '--strict', '--no-dangling'])).resolves.toBe('');
    }
  });

  it('are the same for the same seed, and others for another', async () => {
    const again = await generateRepositories(join(dir, 'again'), { bigMegabytes: 2 });
    const other = await generateRepositories(join(dir, 'other'), { bigMegabytes: 2, seed: 'other' });
    // The big one was made smaller here, and an empty one is always the same.
    const compared = generated.filter(({ kind }) => kind !== 'big-blobs' && kind !== 'empty');
    for (const { fullName, bareDir } of compared) {
      const tipsIn = (all: readonly GeneratedRepository[]): Promise<Record<string, string>> =>
        readTips(all.find((repository) => repository.fullName === fullName)?.bareDir ?? '');
      const tips = await readTips(bareDir);
      expect(await tipsIn(again)).toEqual(tips);
      expect(await tipsIn(other)).not.toEqual(tips);
    }
  });

  it('have many tags of both kinds, and many branches', async () => {
    expect(await refsOf('many-tags', 'refs/tags/')).toHaveLength(300);
    const kinds = (await runGit(bareDirOf('many-tags'), ['for-each-ref', '--format=%(objecttype)', 'refs/tags'])).split(
      '\n',
    );
    expect(kinds.filter((kind) => kind === 'tag')).toHaveLength(100);
    expect(await refsOf('many-branches', 'refs/heads/')).toHaveLength(60);
  });

  it('have the odd names and objects that break mirrors', async () => {
    const zoo = generated.find((repository) => repository.kind === 'unfit-refs');
    expect(Object.keys(await readTips(zoo?.bareDir ?? ''))).toEqual(
      expect.arrayContaining([...(zoo?.unfitRefs ?? [])]),
    );
    expect(await refsOf('unfit-refs', 'refs/heads/#1')).toHaveLength(1);
    expect(await readTips(bareDirOf('empty'))).toEqual({});
    expect(await refsOf('pulls', 'refs/pull/')).toHaveLength(30);
    const peeled = await runGit(bareDirOf('odd-tags'), [
      'for-each-ref',
      '--format=%(refname:short) %(*objecttype)',
      'refs/tags',
    ]);
    expect(peeled.trim().split('\n')).toEqual(
      expect.arrayContaining([
        'maintainer-key blob',
        'v0-tree tree',
        'v1.0.0 commit',
        expect.stringMatching(/^v1\.0\.0-signed (tag|commit)$/),
      ]),
    );
    expect(await runGit(bareDirOf('pulls'), ['ls-tree', 'main', 'lib'])).toMatch(/^160000 commit/);
    expect(await runGit(bareDirOf('lfs-pointer'), ['show', 'main:art/cover.psd'])).toContain(
      'git-lfs.github.com/spec/v1',
    );
    expect(await refsOf('unicode', 'refs/heads/🚀')).toHaveLength(1);
  });

  it('have default branches that are not what one expects', async () => {
    expect(await refsOf('trunk', 'refs/heads/')).toEqual(['refs/heads/main', 'refs/heads/trunk']);
    expect(readFileSync(join(bareDirOf('trunk'), 'HEAD'), 'utf8')).toBe('ref: refs/heads/trunk\n');
    expect(await refsOf('unborn-head', 'refs/heads/')).toEqual(['refs/heads/develop']);
    await expect(runGit(bareDirOf('unborn-head'), ['rev-parse', '--verify', 'HEAD'])).rejects.toThrow('rev-parse');
  });

  it('have thirty megabytes that cannot be compressed', async () => {
    const sizes = await runGit(bareDirOf('big-blobs'), ['count-objects', '-v']);
    const packedKb = Number(/size-pack: (\d+)/.exec(sizes)?.[1]);
    expect(packedKb).toBeGreaterThan(30 * 1024);
    expect(packedKb).toBeLessThan(32 * 1024);
  });

  it('can be rewritten as by a force push, and go on as by an ordinary one', async () => {
    const bareDir = bareDirOf('rewritten');
    const { before, movedBranch, movedTag, deletedBranch } = await rewriteHistory(bareDir);
    const after = await readTips(bareDir);
    expect(after).not.toHaveProperty([deletedBranch]);
    for (const ref of [movedBranch, movedTag]) {
      expect(after[ref]).not.toBe(before[ref]);
      await expect(runGit(bareDir, ['merge-base', before[ref] ?? '', after[ref] ?? ''])).rejects.toThrow('merge-base');
    }
    expect(after['refs/heads/main']).toBe(before['refs/heads/main']);
    const tip = await addCommit(bareDir, 'main', 'more\n');
    expect((await runGit(bareDir, ['rev-parse', 'main^'])).trim()).toBe(before['refs/heads/main']);
    expect(await readTips(bareDir)).toMatchObject({ 'refs/heads/main': tip });
  });

  it('come in numbers', async () => {
    const small = await generateSmall(join(dir, 'small'), 20);
    expect(new Set(small.map((repository) => repository.fullName)).size).toBe(20);
    for (const { bareDir } of small) {
      const commits = Number(await runGit(bareDir, ['rev-list', '--count', '--all']));
      expect(commits).toBeGreaterThanOrEqual(3);
      expect(commits).toBeLessThanOrEqual(10);
    }
  });

  it('come in sizes', async () => {
    const { bareDir } = await generateLarge(dir, 9);
    const [pack = ''] = (await runGit(bareDir, ['ls-tree', '-r', '--name-only', 'main'])).split('\n');
    expect(pack).toBe('data/0.bin');
    const sizes = await runGit(bareDir, ['count-objects', '-v']);
    expect(Number(/size-pack: (\d+)/.exec(sizes)?.[1])).toBeGreaterThanOrEqual(9 * 1024);
    expect(statSync(bareDir).isDirectory()).toBe(true);
  });
});
