/** @file A new machine: an empty data directory that finds its mirrors at the target and goes on from them. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { addCommit, generateRepositories, readTips, runGit } from '../playground/repositories/index.ts';
import { ProgramClient } from '../support/program-client.ts';
import { Served } from '../support/served.ts';
import { type EnvironmentChange, type Installation, Stage } from '../support/stage.ts';
import { waitUntil } from '../support/wait.ts';

interface Rebuilt {
  readonly found: { readonly found: number; readonly entered: number; readonly placed: number; readonly moved: number };
  readonly notStarred: readonly { readonly fullName: string; readonly verdict: string | null }[];
  readonly mirrored: number;
  readonly unchanged: number;
  readonly skipped: readonly unknown[];
  readonly failed: readonly unknown[];
  readonly gitProcesses: number;
  readonly bytesReceived: number;
}

const lapseMs = 25 * 3_600_000;
let stage: Stage;
let installation: Installation;

beforeAll(async () => {
  stage = await Stage.start(5);
});
afterAll(() => stage.close());

beforeEach(async () => {
  installation = await stage.install();
  await sync();
});

async function sync(change: EnvironmentChange = {}): Promise<void> {
  const { exitCode, stderr } = await installation.run(['sync'], change);
  expect(exitCode, stderr).toBe(0);
}

async function rebuild(change: EnvironmentChange = {}): Promise<Rebuilt> {
  const { exitCode, stdout, stderr } = await installation.run(['rebuild', '--json'], change);
  expect(exitCode, stderr).toBe(0);
  return JSON.parse(stdout);
}

const loseData = (): Promise<void> => rm(installation.dataDir, { recursive: true });

/** Requests of git itself to GitHub; reading which refs there are takes none of these. */
const fetches = (): number => stage.github.log.count({ kind: 'git', path: /\/info\/refs$/ });

const projects = (): readonly string[] =>
  [...installation.onedev.world.projects.values()].map((one) => installation.onedev.world.pathOf(one)).sort();

async function expectEqual(index: number): Promise<void> {
  const { fullName, bareDir } = stage.star(index);
  expect(await installation.mirrorTips(fullName), fullName).toMatchObject(await readTips(bareDir));
}

describe('a new machine', () => {
  it('finds its mirrors, fetches nothing of what is equal, and makes none twice', async () => {
    await loseData();
    const before = projects();
    stage.github.log.clear();
    const result = await rebuild();
    expect(result).toMatchObject({ found: { found: 5 }, mirrored: 0, unchanged: 5, skipped: [], failed: [] });
    expect(result).toMatchObject({ notStarred: [], gitProcesses: 0, bytesReceived: 0 });
    expect(fetches()).toBe(0);
    // One reading of the refs of each.
    expect(stage.github.log.count({ kind: 'git' })).toBe(5);
    expect(projects()).toEqual(before);
    const history = await installation.run(['history']);
    expect(history.stdout).toContain(`rebuilt from 5 mirrors on ${installation.onedev.url}.`);
    expect(history.stdout.trimEnd().split('\n').at(-1)).toContain('The history begins here');

    stage.github.log.clear();
    const again = await rebuild();
    expect(again).toMatchObject({ found: { found: 5, entered: 0, placed: 0, moved: 0 }, mirrored: 0, unchanged: 5 });
    expect(stage.github.log.count({ kind: 'git' })).toBe(0);
    expect(projects()).toEqual(before);
  });

  it('goes on without being told', async () => {
    await loseData();
    stage.github.log.clear();
    const { stdout } = await installation.run(['sync', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ mirrored: 0, unchanged: 5, gitProcesses: 0 });
    expect(fetches()).toBe(0);
    expect((await installation.run(['history'])).stdout).toContain('rebuilt from 5 mirrors');
  });

  it('says what is there, and changes nothing, with --dry-run', async () => {
    await loseData();
    const before = projects();
    stage.github.log.clear();
    const { exitCode, stdout } = await installation.run(['rebuild', '--dry-run']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`5 mirrors found on ${installation.onedev.url}.`);
    expect(stage.github.log.count({ kind: 'git' })).toBe(0);
    expect(projects()).toEqual(before);
    expect((await rebuild()).found.entered).toBe(5);
  });

  it('fetches from GitHub only what the mirror has not, and keeps what was kept', async () => {
    const generated = await generateRepositories(`${stage.dir}/varied`, { bigMegabytes: 8 });
    const big = generated.find(({ kind }) => kind === 'big-blobs');
    if (big === undefined) throw new Error('nothing was generated');
    const { id, bareDir, fullName, defaultBranch } = stage.add(big);
    await sync();
    await addCommit(bareDir, defaultBranch, 'before the rewrite');
    stage.github.world.pushed(id);
    await sync();
    // Takes that commit back: the mirror keeps it.
    await runGit(bareDir, ['update-ref', `refs/heads/${defaultBranch}`, `refs/heads/${defaultBranch}~1`]);
    stage.github.world.pushed(id);
    await sync();
    const keptRefs = () => runGit(installation.mirrorDir(fullName), ['for-each-ref', 'refs/epicstar/kept']);
    const kept = await keptRefs();
    expect(kept).toContain('refs/epicstar/kept/');
    await loseData();
    await addCommit(bareDir, defaultBranch, 'new on GitHub while no machine ran');
    stage.github.world.pushed(id);
    stage.github.log.clear();
    const result = await rebuild();
    expect(result).toMatchObject({ mirrored: 1, unchanged: 5 });
    expect(fetches()).toBe(1);
    const sent = stage.github.log.filter({ kind: 'git' }).reduce((sum, { bytesOut }) => sum + bytesOut, 0);
    expect(sent).toBeLessThan(100_000);
    expect(await installation.mirrorTips(fullName)).toMatchObject(await readTips(bareDir));
    expect(await keptRefs()).toBe(kept);
    stage.github.world.unstar(id);
  });

  it('finds its mirrors in a folder, and is no new machine where it made them itself', async () => {
    const folder = { EPICSTAR_TARGET: 'folder', EPICSTAR_FOLDER: join(installation.dir, 'mirrors') };
    await loseData();
    // The folder is not there yet, so that nothing can be listed at the first start.
    await sync(folder);
    await sync(folder);
    expect((await installation.run(['history'], folder)).stdout).not.toContain('The history begins here');
    await loseData();
    stage.github.log.clear();
    expect(await rebuild(folder)).toMatchObject({ found: { found: 5 }, mirrored: 0, unchanged: 5 });
    expect(fetches()).toBe(0);
    expect((await installation.run(['history'], folder)).stdout).toContain('rebuilt from 5 mirrors');
  });

  it('follows a rename that nobody saw', async () => {
    const star = stage.star(4);
    const before = installation.onedev.world.findByPath(`github/${star.fullName}`)?.id;
    await loseData();
    stage.github.world.rename(star.id, 'owner-0/renamed');
    stage.github.log.clear();
    const result = await rebuild();
    expect(result).toMatchObject({ found: { found: 5 }, notStarred: [], mirrored: 0, unchanged: 5 });
    expect(fetches()).toBe(0);
    expect(installation.onedev.world.findByPath('github/owner-0/renamed')?.id).toBe(before);
    expect(installation.onedev.world.findByPath(`github/${star.fullName}`)).toBeUndefined();
    stage.github.world.rename(star.id, star.fullName);
  });

  it('goes on where it was killed, wherever that was', async () => {
    for (const [path, kind] of [
      [/\/~api\/projects\?/, 'rest'],
      [/\/~api\/projects\/\d+$/, 'rest'],
      [/./, 'git'],
    ] as const) {
      await loseData();
      installation.onedev.log.clear();
      const program = installation.start(['rebuild', '--json']);
      await waitUntil(`a request for ${path}`, () => installation.onedev.log.count({ kind, path }) > 0);
      await program.kill();
      stage.github.log.clear();
      const before = projects();
      const result = await rebuild();
      expect(result).toMatchObject({ found: { found: 5 }, notStarred: [], unchanged: 5, failed: [] });
      expect(fetches()).toBe(0);
      expect(projects()).toEqual(before);
      expect((await installation.run(['history'])).stdout).toContain('5 mirrors');
    }
  });

  it('leaves the mirrors of another epicstar on the same OneDev alone', async () => {
    const before = projects();
    await loseData();
    const other = { EPICSTAR_ONEDEV_ROOT: 'second' };
    const result = await rebuild(other);
    expect(result).toMatchObject({ found: { found: 0 }, mirrored: 5, unchanged: 0 });
    expect(projects()).toEqual(expect.arrayContaining([...before]));
    expect(projects().filter((path) => path.startsWith('second/'))).toHaveLength(
      before.filter((path) => path.startsWith('github/')).length,
    );
    expect((await installation.run(['history'], other)).stdout).not.toContain('The history begins here');
  });

  it('finds its mirrors at another address of the same OneDev', async () => {
    const before = projects();
    const address = installation.onedev.url.replace('127.0.0.1', 'localhost');
    stage.github.log.clear();
    await sync({ EPICSTAR_ONEDEV_URL: address });
    expect(fetches()).toBe(0);
    expect(projects()).toEqual(before);
    await Promise.all([0, 1, 2, 3, 4].map(expectEqual));
  });

  it('shows what is gone upstream among the rescued', async (context: TestContext) => {
    if (process.platform === 'win32') context.skip('the clocks are moved by a signal, which this system has not');
    await loseData();
    stage.github.world.remove(stage.star(0).id);
    stage.github.world.unstar(stage.star(1).id);
    const served = await Served.start(installation, { TIME_LAPSE_MS: String(lapseMs) });
    const client = await ProgramClient.connect(served);
    const rowOf = (index: number) => client.call('repositories.get', { githubId: stage.star(index).id });
    const kindOf = async (index: number) => (await rowOf(index))?.verdict?.kind ?? null;
    await waitUntil('a first answer about both', async () => {
      return (await kindOf(0)) === 'gone' && (await kindOf(1)) === 'unstarred';
    });
    expect((await client.call('overview.get', {})).rebuilt).toMatchObject({ mirrors: 5 });
    await served.program.lapse();
    await waitUntil('it to be final', async () => ((await rowOf(0))?.verdict?.confirmedAt ?? null) !== null);
    const { items } = await client.call('repositories.list', { isRescued: true, order: 'name', limit: 20 });
    expect(items).toHaveLength(1);
    const { fullName, description } = stage.star(0);
    expect(items[0]).toMatchObject({ fullName, description, mirror: { path: `github/${fullName}`, verifiedAt: 0 } });
    expect(items[0]?.mirrorPage).toBe(`${installation.onedev.url}/github/${fullName}`);
    expect(await rowOf(1)).toMatchObject({ verdict: { kind: 'unstarred' }, state: 'mirrored' });
    client.close();
    await served.program.stop();
  });
});
