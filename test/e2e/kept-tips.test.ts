/** @file What old tips cost, and how long a mirror keeps them, by the real program. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keptRefName, keptRefPrefix } from '../../src-main/engine/domain/plan.ts';
import { addCommit, readTips, runGit } from '../playground/repositories/index.ts';
import { ProgramClient } from '../support/program-client.ts';
import { Served } from '../support/served.ts';
import { type Installation, Stage } from '../support/stage.ts';

const dayMs = 24 * 3_600_000;
const blobBytes = 120_000;

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.start(2);
});
afterAll(() => stage.close());

/** Upstream's branch `side` has another file of random bytes, and nothing of the one before. */
async function rewriteSide(index = 0): Promise<void> {
  const { bareDir, id } = stage.star(index);
  await runGit(bareDir, ['update-ref', '-d', 'refs/heads/side']);
  const bytes = crypto.getRandomValues(new Uint8Array(blobBytes / 2));
  await addCommit(bareDir, 'side', Buffer.from(bytes).toString('hex'));
  stage.github.world.pushed(id);
}

async function keptIn(installation: Installation, index = 0): Promise<Record<string, string>> {
  const tips = await readTips(installation.mirrorDir(stage.star(index).fullName));
  return Object.fromEntries(Object.entries(tips).filter(([ref]) => ref.startsWith('refs/epicstar/kept/')));
}

async function mirrored(change: Readonly<Record<string, string>> = {}): Promise<Installation> {
  await rewriteSide();
  const installation = await stage.install(change);
  expect(await installation.run(['sync'])).toMatchObject({ exitCode: 0 });
  await rewriteSide();
  expect(await installation.run(['sync'])).toMatchObject({ exitCode: 0 });
  return installation;
}

/** As if the mirror had kept a tip so many days ago. */
async function keepOld(installation: Installation, days: number, index = 0): Promise<string> {
  const { fullName } = stage.star(index);
  const ref = keptRefName(keptRefPrefix(Date.now() - days * dayMs), 'refs/heads/side');
  await runGit(installation.mirrorDir(fullName), ['update-ref', ref, 'HEAD']);
  return ref;
}

async function runAgain(installation: Installation, index = 0): Promise<string> {
  stage.github.world.pushed(stage.star(index).id);
  const { exitCode, stdout } = await installation.run(['sync']);
  expect(exitCode).toBe(0);
  return stdout;
}

describe('what old tips cost', () => {
  it('is measured by the run that kept them, told for the one and for all, and grows', async () => {
    const installation = await mirrored();
    const served = await Served.start(installation);
    const client = await ProgramClient.connect(served);
    const { id: githubId, fullName } = stage.star(0);
    const { bytes, total, cloneAddress, items } = await client.call('repositories.keptRefs', { githubId });
    expect(total).toBe(1);
    // Upstream packs without compression here, and what is fetched stays as it came.
    expect(bytes).toBeGreaterThanOrEqual(blobBytes);
    expect(bytes).toBeLessThan(blobBytes * 1.02);
    expect(await client.call('kept.totals', {})).toEqual({ mirrors: 1, refs: 1, bytes, unmeasured: 0 });
    // The command that the window shows gets it back.
    const clone = `${installation.dir}/by-hand.git`;
    await runGit(stage.dir, ['init', '--quiet', '--bare', clone]);
    const kept = items[0];
    expect(cloneAddress).toBe(`${installation.onedev.url}/github/${fullName}`);
    const header = `http.extraHeader=Authorization: Bearer ${installation.onedev.adminToken}`;
    await runGit(clone, ['-c', header, 'fetch', '--quiet', cloneAddress ?? '', kept?.ref ?? '']);
    expect((await runGit(clone, ['rev-parse', 'FETCH_HEAD'])).trim()).toBe(kept?.sha);
    client.close();
    await served.program.stop();
    await rewriteSide();
    expect(await installation.run(['sync'])).toMatchObject({ exitCode: 0 });
    const { stdout } = await installation.run(['kept', fullName]);
    expect(stdout.trim().split('\n').length).toBe(3);
    expect(stdout).toMatch(/They cost about \d+ kB\./);
  });
});

describe('keptDays', () => {
  it('0: old tips stay, however old they are', async () => {
    const installation = await mirrored();
    await keepOld(installation, 20_000);
    await runAgain(installation);
    expect(Object.keys(await keptIn(installation))).toHaveLength(2);
  });

  it('30: older ones alone are let go, told in the history, and never what has no time in its name', async () => {
    const installation = await mirrored({ EPICSTAR_KEPT_DAYS: '30' });
    const old = await keepOld(installation, 31);
    const young = await keepOld(installation, 29);
    const { fullName } = stage.star(0);
    await runGit(installation.mirrorDir(fullName), ['update-ref', 'refs/epicstar/kept/mine/heads/x', 'HEAD']);
    const told = await runAgain(installation);
    expect(told).toContain('1 old tip let go');
    const kept = Object.keys(await keptIn(installation));
    expect(kept).not.toContain(old);
    expect(kept).toEqual(expect.arrayContaining([young, 'refs/epicstar/kept/mine/heads/x']));
    expect(kept).toHaveLength(3);
    const { stdout } = await installation.run(['history', '--json', '--limit', '1']);
    expect(JSON.parse(stdout)).toMatchObject([{ report: { letGo: 1 } }]);
    expect(await installation.logText()).toContain(old);
    expect(await runAgain(installation)).not.toContain('let go');
  });

  it('30: nothing goes while the repository is missing from the list, gone or in doubt', async () => {
    const installation = await mirrored({ EPICSTAR_KEPT_DAYS: '30', EPICSTAR_UNSTARRED: 'follow' });
    const old = await keepOld(installation, 400);
    const { id } = stage.star(0);
    stage.github.world.unstar(id);
    await installation.run(['sync', '--full']);
    await rewriteSide();
    await installation.run(['sync', '--full']);
    expect(Object.keys(await keptIn(installation))).toContain(old);
    stage.github.world.star(id);
  });
});
