/** @file Repositories that lose most of their branches at once: held until a person has seen it, by the real program. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runGit } from '../playground/repositories/index.ts';
import { ProgramClient } from '../support/program-client.ts';
import { Served } from '../support/served.ts';
import { type EnvironmentChange, type Installation, Stage } from '../support/stage.ts';
import { waitUntil } from '../support/wait.ts';

const branches = Array.from({ length: 12 }, (_, index) => `refs/heads/topic-${index}`);
const held = /lost most of its branches and tags at once\. 12 of \d+ are gone\./;

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.start(1);
});
afterAll(() => stage.close());

async function grow(): Promise<void> {
  const { bareDir, id } = stage.star(0);
  for (const ref of branches) await runGit(bareDir, ['update-ref', ref, 'HEAD']);
  stage.github.world.pushed(id);
}

async function lose(): Promise<void> {
  const { bareDir, id } = stage.star(0);
  for (const ref of branches) await runGit(bareDir, ['update-ref', '-d', ref]);
  stage.github.world.pushed(id);
}

async function mirrorAndLose(change: EnvironmentChange = {}): Promise<Installation> {
  await grow();
  const installation = await stage.install(change);
  expect(await installation.run(['sync'])).toMatchObject({ exitCode: 0 });
  await lose();
  return installation;
}

const topicsOf = async (installation: Installation): Promise<number> =>
  Object.keys(await installation.mirrorTips(stage.star(0).fullName)).filter((ref) => branches.includes(ref)).length;

describe('a repository that loses most of its branches at once', () => {
  it('is held, named, and followed on a person’s word alone', async () => {
    const { fullName } = stage.star(0);
    const installation = await mirrorAndLose();
    for (let time = 0; time < 2; time += 1) {
      const { exitCode, stdout } = await installation.run(['sync']);
      expect(exitCode).toBe(1);
      expect(stdout).toMatch(held);
      expect(await topicsOf(installation)).toBe(branches.length);
    }
    const wrong = await installation.run(['sync', '--accept-loss', 'nobody/nothing']);
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toContain('--accept-loss nobody/nothing: no starred repository has this name.');
    const followed = await installation.run(['sync', '--accept-loss', fullName, '--json']);
    expect(followed.exitCode).toBe(0);
    expect(JSON.parse(followed.stdout)).toMatchObject({ mirrored: 1, keptRefs: branches.length });
    expect(await topicsOf(installation)).toBe(0);
    // The word was for this once.
    await grow();
    await installation.run(['sync']);
    await lose();
    expect((await installation.run(['sync'])).stdout).toMatch(held);
  });

  it('is followed from the window', async () => {
    const { id } = stage.star(0);
    const installation = await mirrorAndLose();
    const served = await Served.start(installation);
    const client = await ProgramClient.connect(served);
    const row = await waitUntil('the loss to be noticed', async () => {
      const view = await client.call('repositories.get', { githubId: id });
      return view?.state === 'failed' && view;
    });
    expect(row.job?.error).toMatchObject({ code: 'source-shrunk', action: 'follow-loss' });
    expect(await client.call('mirror.followLoss', { githubId: id })).toEqual({ requested: 1 });
    expect(await client.call('mirror.followLoss', { githubId: 999_999_999 })).toEqual({ requested: 0 });
    await waitUntil('it to be followed', async () => {
      const view = await client.call('repositories.get', { githubId: id });
      return view?.state === 'mirrored';
    });
    expect(await topicsOf(installation)).toBe(0);
    expect((await client.call('repositories.keptRefs', { githubId: id })).total).toBe(branches.length);
    client.close();
    await served.program.stop();
  });

  it.each(['0', '95'])('holdLossPercent %s: is followed as any other', async (holdLossPercent) => {
    const installation = await mirrorAndLose({ EPICSTAR_HOLD_LOSS_PERCENT: holdLossPercent });
    expect(await installation.run(['sync'])).toMatchObject({ exitCode: 0 });
    expect(await topicsOf(installation)).toBe(0);
  });
});
