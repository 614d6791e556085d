/** @file What becomes of a mirror whose place another project has, by each strategy, with the real program and git. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTips, runGit } from '../playground/repositories/index.ts';
import { type Installation, Stage } from '../support/stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.start(1);
});
afterAll(() => stage.close());

/** Somebody's bare repository in the place of the mirror. */
interface Place {
  readonly installation: Installation;
  /** Where it is on the disk. */
  readonly dir: string;
  /** Where the mirror stands beside it. */
  readonly beside: () => string;
  /** What somebody wrote about it. */
  readonly words: () => Promise<string>;
}

async function onOnedev(clash: string): Promise<Place> {
  const { fullName, id } = stage.star(0);
  const installation = await stage.install({ EPICSTAR_CLASH: clash });
  const project = await installation.onedev.ensureProject(`github/${fullName}`);
  project.description = 'Somebody wrote this.';
  return {
    installation,
    dir: installation.onedev.repositoryDir(project),
    beside: () => installation.mirrorDir(`${fullName}+${id}`),
    words: () => Promise.resolve(project.description ?? ''),
  };
}

let folders = 0;

async function inFolder(clash: string): Promise<Place> {
  const { fullName, id } = stage.star(0);
  folders += 1;
  const folder = join(stage.dir, `folder-${folders}`);
  const dir = join(folder, `${fullName}.git`);
  await mkdir(dir, { recursive: true });
  await runGit(dir, ['init', '--quiet', '--bare', '.']);
  await writeFile(join(dir, 'description'), 'Somebody wrote this.');
  const environment = { EPICSTAR_CLASH: clash, EPICSTAR_TARGET: 'folder', EPICSTAR_FOLDER: folder };
  return {
    installation: await stage.install(environment),
    dir,
    beside: () => join(folder, `${fullName}+${id}.git`),
    words: () => readFile(join(dir, 'description'), 'utf8'),
  };
}

/** All of upstream is there already, and an older state of its default branch. */
async function fillWithOlder(dir: string): Promise<void> {
  const { bareDir } = stage.star(0);
  await runGit(dir, ['fetch', '--quiet', bareDir, '+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*']);
  await runGit(dir, ['update-ref', 'refs/heads/main', 'refs/heads/main~1']);
}

/** A branch with a commit that upstream never had. */
async function fillWithOwn(dir: string): Promise<void> {
  const tree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
  await runGit(dir, ['hash-object', '-w', '-t', 'tree', '/dev/null']);
  const identity = ['-c', 'user.name=Somebody', '-c', 'user.email=s@example.org'];
  const oid = (await runGit(dir, [...identity, 'commit-tree', tree, '-m', 'own'])).trim();
  await runGit(dir, ['update-ref', 'refs/heads/main', oid]);
}

describe.each([
  ['OneDev', onOnedev],
  ['a folder', inFolder],
] as const)('another project in the place of a mirror, on %s', (_name, make) => {
  const upstream = (): Promise<Record<string, string>> => readTips(stage.star(0).bareDir);

  it('rename: the mirror stands beside it, and it stays as it is', async () => {
    const { installation, dir, beside, words } = await make('rename');
    await fillWithOwn(dir);
    const before = await readTips(dir);
    for (let time = 0; time < 2; time += 1) {
      expect(await installation.run(['sync', '--full'])).toMatchObject({ exitCode: 0 });
      expect(await readTips(beside())).toEqual(await upstream());
      expect(await readTips(dir)).toEqual(before);
    }
    expect(await words()).toBe('Somebody wrote this.');
  });

  it('fail: says which project it is, and changes nothing', async () => {
    const { installation, dir } = await make('fail');
    const { exitCode, stdout } = await installation.run(['sync']);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(stage.star(0).fullName);
    expect(stdout).toMatch(/Another project that is not a mirror of this repository has its place/);
    expect(await readTips(dir)).toEqual({});
  });

  it('use: an empty one becomes the mirror', async () => {
    const { installation, dir, words } = await make('use');
    expect(await installation.run(['sync'])).toMatchObject({ exitCode: 0 });
    expect(await readTips(dir)).toEqual(await upstream());
    expect(await words()).toContain('Somebody wrote this.');
    expect(await installation.run(['sync', '--full'])).toMatchObject({ exitCode: 0 });
  });

  it('use: one that holds nothing but what upstream has becomes the mirror', async () => {
    const { installation, dir } = await make('use');
    await fillWithOlder(dir);
    expect(await installation.run(['sync'])).toMatchObject({ exitCode: 0 });
    expect(await readTips(dir)).toEqual(await upstream());
    // Nothing of it was rewritten, so nothing had to be kept.
    expect(await runGit(dir, ['for-each-ref', 'refs/epicstar'])).toBe('');
  });

  it('use: one with commits of its own, or a branch of its own, is left alone', async () => {
    const { installation, dir } = await make('use');
    await fillWithOwn(dir);
    const before = await readTips(dir);
    const { exitCode, stdout } = await installation.run(['sync']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/it cannot be taken over: its branch main has commits that upstream has not/);
    expect(await readTips(dir)).toEqual(before);
    await fillWithOlder(dir);
    await runGit(dir, ['update-ref', 'refs/heads/mine', 'refs/heads/main']);
    const second = await installation.run(['sync', '--only', stage.star(0).fullName]);
    expect(second.stdout).toMatch(/it cannot be taken over: upstream has no mine/);
    expect(Object.keys(await readTips(dir))).toContain('refs/heads/mine');
  });
});
