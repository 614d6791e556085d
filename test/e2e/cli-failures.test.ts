/** @file `epicstar sync` when something is wrong with one repository, a sign-in or a right: exit codes and words. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readTips, runGit } from '../playground/repositories/index.ts';
import { type Installation, type Star, Stage } from '../support/stage.ts';

const codeWriter = 3;
const codeReader = 4;
const projectOwner = 1;

let stage: Stage;
/** Everything was mirrored once. */
let synced: Installation;

beforeAll(async () => {
  stage = await Stage.start(5);
  synced = await stage.install();
  expect((await synced.run(['sync'])).exitCode).toBe(0);
});
afterEach(() => stage.github.faults.clear());
afterAll(() => stage.close());

async function expectMirrored(installation: Installation, stars: readonly Star[] = stage.stars): Promise<void> {
  for (const { fullName, bareDir } of stars) {
    expect(await installation.mirrorTips(fullName), fullName).toEqual(await readTips(bareDir));
  }
}

describe('one repository fails', () => {
  const expectOneFailure = async (star: Star, error: string, words: string): Promise<void> => {
    const before = await synced.mirrorTips(star.fullName);
    const plain = await synced.run(['sync']);
    expect(plain).toMatchObject({ exitCode: 1, stderr: '' });
    expect(plain.stdout.match(new RegExp(`^failed +${star.fullName}: ${words}`, 'gm'))).toHaveLength(2);
    expect(plain.stdout).toContain('5 stars: 0 mirrored, 4 unchanged, 1 failed.\n');
    const json = await synced.run(['sync', '--json']);
    expect(json.exitCode).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      unchanged: 4,
      failed: [{ githubId: star.id, fullName: star.fullName, error, message: expect.stringMatching(words) }],
    });
    expect(await synced.mirrorTips(star.fullName)).toEqual(before);
    const status = await synced.run(['status']);
    expect(status.exitCode).toBe(1);
    expect(status.stdout).toContain(', 1 failed, ');
  };

  it('blocked by GitHub: named, exit code 1, the mirror stays', async () => {
    const star = stage.star(0);
    stage.github.world.block(star.id, 'dmca');
    stage.github.world.touch(star.id);
    await expectOneFailure(star, 'github-blocked', 'GitHub has blocked access to this repository\\. Reason: dmca\\.');
    stage.github.world.unblock(star.id);
    stage.github.world.touch(star.id);
    expect(await synced.run(['sync'])).toMatchObject({ exitCode: 0 });
  });

  it('emptied upstream: named, exit code 1, the mirror stays', async () => {
    const star = stage.star(1);
    const tips = await readTips(star.bareDir);
    for (const ref of Object.keys(tips)) await runGit(star.bareDir, ['update-ref', '-d', ref]);
    stage.github.world.touch(star.id);
    await expectOneFailure(star, 'source-emptied', 'GitHub shows this repository without any branch now\\.');
    for (const [ref, oid] of Object.entries(tips)) await runGit(star.bareDir, ['update-ref', ref, oid]);
    stage.github.world.pushed(star.id);
    expect(await synced.run(['sync'])).toMatchObject({ exitCode: 0 });
    await expectMirrored(synced);
  });

  it('gone while it waited for its turn: named, exit code 1', async () => {
    const installation = await stage.install();
    const star = stage.star(4);
    const path = `/repositories/${star.id}`;
    stage.github.faults.add({ kind: 'status', path, status: 404, body: { message: 'Not Found' } });
    const ended = await installation.run(['sync', '--json']);
    expect(ended.exitCode).toBe(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      mirrored: 4,
      failed: [{ githubId: star.id, fullName: star.fullName, error: 'github-gone' }],
    });
    await expectMirrored(installation, stage.stars.slice(0, 4));
  });
});

describe('signed out', () => {
  const wrongGithubToken = `ghp_${'0'.repeat(36)}`;
  const wrongOnedevToken = 'x'.repeat(40);

  it.each([
    ['a token that GitHub refuses', wrongGithubToken, 'Bad credentials\\.'],
    ['no token for GitHub', null, 'There is no token\\.'],
  ])('%s: exit code 3, and the next step', async (_case, token, words) => {
    const change = { EPICSTAR_GITHUB_TOKEN: token };
    const plain = await synced.run(['sync'], change);
    expect(plain).toMatchObject({ exitCode: 3, stdout: '' });
    expect(plain.stderr).toMatch(
      new RegExp(`^epicstar: GitHub does not accept the token\\. .*${words}\nSign in to GitHub again\\.\n$`),
    );
  });

  it('as JSON: one document, exit code 3', async () => {
    const change = { EPICSTAR_GITHUB_TOKEN: wrongGithubToken };
    const json = await synced.run(['sync', '--json'], change);
    expect(json.exitCode).toBe(3);
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'github-signed-out', action: 'sign-in-github' } });
    expect(await synced.run(['verify', stage.star(0).fullName], change)).toMatchObject({ exitCode: 3 });
  });

  it.each([
    ['a token that OneDev refuses', wrongOnedevToken, 'It answered 401'],
    ['no token for OneDev', null, 'No token is set\\.'],
  ])('%s: exit code 3, the next step, and all go on once there is one', async (_case, token, words) => {
    const installation = await stage.install();
    const change = { EPICSTAR_ONEDEV_TOKEN: token };
    const plain = await installation.run(['sync'], change);
    expect(plain.exitCode).toBe(3);
    expect(plain.stderr).toMatch(
      new RegExp(
        `^epicstar: The mirror server does not accept the token\\. ${words}.*\nEnter a valid access token for it\\.\n$`,
      ),
    );
    expect(plain.stdout).toContain('5 stars: 0 mirrored, 0 unchanged, 5 skipped.\n');
    expect(JSON.parse((await installation.run(['sync', '--json'])).stdout)).toMatchObject({ mirrored: 5, skipped: [] });
    await expectMirrored(installation);
  });
});

describe('rights on OneDev', () => {
  it('a role on one parent project alone is enough for everything', async () => {
    const installation = await stage.install();
    await installation.onedev.ensureProject('github');
    const token = installation.onedev.addToken({ grants: [{ path: 'github', roleId: projectOwner }] });
    const change = { EPICSTAR_ONEDEV_TOKEN: token };
    expect(await installation.run(['doctor'], change)).toMatchObject({ exitCode: 0 });
    const ended = await installation.run(['sync'], change);
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ended.stdout).toContain('5 stars: 5 mirrored, 0 unchanged.\n');
    await expectMirrored(installation);
    expect((await installation.run(['verify'], change)).stdout).toContain('5 of 5 mirrors equal GitHub.\n');
    expect(installation.onedev.log.entries.filter(({ auth }) => auth === 'token playground')).toHaveLength(0);
  });

  it('what failed for a right is mirrored by the next sync once it was granted', async () => {
    const installation = await stage.install();
    await installation.onedev.ensureProject('github');
    const token = installation.onedev.addToken({ grants: [{ path: 'github', roleId: codeWriter }] });
    const refused = await installation.run(['sync'], { EPICSTAR_ONEDEV_TOKEN: token });
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout).toMatch(/^failed +owner-0\/small-0: .* Needed: create children under 'github'\./m);
    const dryRun = await installation.run(['sync', '--dry-run']);
    expect(dryRun.stdout).toContain('5 mirror runs would be made.\n');
    const granted = await installation.run(['sync']);
    expect(granted).toMatchObject({ exitCode: 0 });
    expect(granted.stdout).toContain('5 stars: 5 mirrored, 0 unchanged.\n');
  });

  it('a right that was taken away holds all mirrors up, and is named', async () => {
    const installation = await stage.install();
    expect(await installation.run(['sync'])).toMatchObject({ exitCode: 0 });
    const token = installation.onedev.addToken({ grants: [{ path: 'github', roleId: codeReader }] });
    await runGit(stage.star(0).bareDir, ['update-ref', 'refs/tags/taken-away', 'refs/heads/main']);
    stage.github.world.pushed(stage.star(0).id);
    const refused = await installation.run(['sync', '--json'], { EPICSTAR_ONEDEV_TOKEN: token });
    expect(refused.exitCode).toBe(3);
    expect(JSON.parse(refused.stdout)).toMatchObject({ skipped: [{ fullName: stage.star(0).fullName }] });
    expect(refused.stdout).toContain("manage project 'github'");
    expect(await installation.run(['sync'])).toMatchObject({ exitCode: 0 });
    await expectMirrored(installation);
  });

  it.each([codeReader, codeWriter])('doctor names what role %i lacks', async (roleId) => {
    const installation = await stage.install();
    await installation.onedev.ensureProject('github');
    const token = installation.onedev.addToken({ grants: [{ path: 'github', roleId }] });
    const ended = await installation.run(['doctor'], { EPICSTAR_ONEDEV_TOKEN: token });
    expect(ended.exitCode).toBe(1);
    expect(ended.stdout).toMatch(
      /^FAILED {3}target, manage project: .* Needed: manage project 'github'\. .* Grant: manage project 'github'\.$/m,
    );
  });
});
