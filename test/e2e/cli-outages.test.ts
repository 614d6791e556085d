/**
 * @file `epicstar sync` while a server fails or restarts in the middle. Mostly waiting, so all at once, each on a stage
 * of its own.
 */
import { describe, expect, it, type TestContext } from 'vitest';
import { readTips } from '../playground/repositories/index.ts';
import { type Installation, Stage } from '../support/stage.ts';
import { waitUntil } from '../support/wait.ts';

interface Scene {
  readonly stage: Stage;
  readonly installation: Installation;
}

async function startScene({ onTestFinished }: TestContext): Promise<Scene> {
  const stage = await Stage.start(4);
  onTestFinished(() => stage.close());
  return { stage, installation: await stage.install() };
}

async function expectAllMirrored({ stage, installation }: Scene, stdout: string): Promise<void> {
  expect(JSON.parse(stdout)).toMatchObject({ mirrored: 4, failed: [], skipped: [] });
  for (const { fullName, bareDir } of stage.stars) {
    expect(await installation.mirrorTips(fullName), fullName).toEqual(await readTips(bareDir));
  }
}

describe.concurrent('in the middle of a sync', () => {
  it('OneDev restarts, and nothing is lost', async (context) => {
    const scene = await startScene(context);
    const { onedev } = scene.installation;
    const program = scene.installation.start(['sync', '--json']);
    await waitUntil('the first push', () => onedev.log.count({ method: 'POST', kind: 'git' }) > 0);
    await onedev.restart();
    const ended = await program.ended;
    expect(ended.exitCode).toBe(0);
    await expectAllMirrored(scene, ended.stdout);
  });

  it('GitHub fails for a while: tried again, all well at the end', async (context) => {
    const scene = await startScene(context);
    const { faults } = scene.stage.github;
    const rest = faults.add({ kind: 'status', path: '/repositories/*', status: 502, skip: 2, times: 3 });
    const git = faults.add({ kind: 'status', path: '/owner-0/*', status: 500, times: 1 });
    const ended = await scene.installation.run(['sync', '--json']);
    expect(rest.hits).toBe(3);
    expect(git.hits).toBe(1);
    expect(ended.exitCode).toBe(0);
    await expectAllMirrored(scene, ended.stdout);
  });

  it('git loses its connection in the middle of a pack, on either side', async (context) => {
    const scene = await startScene(context);
    const { stage, installation } = scene;
    const path = `/${stage.star(0).fullName}.git/git-upload-pack`;
    const cut = stage.github.faults.add({ kind: 'cut', path, afterBytes: 600, skip: 1, times: 1 });
    installation.onedev.faults.add({
      method: 'POST',
      path: /small-1\/git-receive-pack/,
      times: 1,
      fault: { cutRequestAfterBytes: 100 },
    });
    const ended = await installation.run(['sync', '--json']);
    expect(cut.hits).toBe(1);
    expect(ended.exitCode).toBe(0);
    await expectAllMirrored(scene, ended.stdout);
    // git itself tries once more where a connection was closed that it had used before.
    expect(installation.onedev.log.count({ path: /small-1\/git-receive-pack/, status: 0 })).toBe(1);
    const runs = await installation.run(['history', '--json', '--outcome', 'retry']);
    const names = JSON.parse(runs.stdout).map((run: { readonly fullName: string }) => run.fullName);
    expect(names).toContain(stage.star(0).fullName);
  });

  it("GitHub's rate limit is used up for seconds: waited for", async (context) => {
    const scene = await startScene(context);
    const limit = { kind: 'rate-limit', path: '/repositories/*', resetInSeconds: 2, skip: 2, times: 1 } as const;
    const fault = scene.stage.github.faults.add(limit);
    const ended = await scene.installation.run(['sync', '--json']);
    expect(fault.hits).toBe(1);
    expect(ended.exitCode).toBe(0);
    await expectAllMirrored(scene, ended.stdout);
  });

  it("GitHub's rate limit is used up for long: said with the time, exit code 1", async (context) => {
    const { stage, installation } = await startScene(context);
    // One after another, each asks before it fetches and after.
    stage.github.faults.add({ kind: 'rate-limit', path: '/repositories/*', resetInSeconds: 1800, skip: 4 });
    const ended = await installation.run(['sync'], { EPICSTAR_CONCURRENCY: '1' });
    expect(ended.exitCode).toBe(1);
    expect(ended.stdout).toContain('4 stars: 2 mirrored, 0 unchanged, 2 skipped.\n');
    expect(ended.stdout).toMatch(/^skipped +owner-0\/small-\d: GitHub's rate limit is used up\./m);
    expect(ended.stderr).toMatch(
      /^epicstar: GitHub's rate limit is used up\. .* It goes on at \S+Z\.\nWait until the time named here\.$/m,
    );
    expect(ended.stderr).not.toContain(' at file:');
    const status = await installation.run(['status', '--json']);
    expect(JSON.parse(status.stdout).totals).toMatchObject({ mirrored: 2, jobs: { waiting: 1, queued: 1 } });
  });

  it('nobody listens where GitHub should be: said once, exit code 1', async (context) => {
    const { stage, installation } = await startScene(context);
    await stage.github.stop();
    const ended = await installation.run(['sync']);
    expect(ended).toMatchObject({ exitCode: 1, stdout: '' });
    expect(ended.stderr).toMatch(/^epicstar: GitHub does not answer\. .*\nIt is tried again by itself\.\n$/);
  });
});
