/** @file What is handed out of mirrors in a folder, by real git: one at a time, for an hour, with room, and ended at once. */
import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFolderTarget } from '../../src-main/engine/adapters/folder/folder-target.ts';
import { createGit } from '../../src-main/engine/adapters/git/git.ts';
import { createBundleShelf } from '../../src-main/engine/adapters/system/bundle-shelf.ts';
import { createRedactor } from '../../src-main/engine/adapters/system/redactor.ts';
import { type Handout, Handouts } from '../../src-main/engine/core/handouts.ts';
import type { RepositoryRecord } from '../../src-main/engine/ports/store.ts';
import { generateLarge, generateSmall, runGit } from '../playground/repositories/index.ts';
import { createKeptLog } from '../support/kept-log.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { realClock } from '../support/real-clock.ts';
import { makeRow } from '../support/scripted-facts.ts';
import { waitUntil } from '../support/wait.ts';

const hourMs = 3_600_000;

describe('what is handed out', () => {
  let dir: string;
  let clock: ManualClock;
  let handouts: Handouts;
  let freeBytes: number | null;
  let target: ReturnType<typeof createFolderTarget>;
  let upstream: { readonly fullName: string; readonly bareDir: string };
  let small: RepositoryRecord;

  const { signal } = new AbortController();

  /** A repository whose mirror holds what upstream has. */
  async function mirrored(githubId: number, one: { fullName: string; bareDir: string }): Promise<RepositoryRecord> {
    const { fullName, bareDir } = one;
    const wanted = { githubId, fullName, description: null, htmlUrl: `https://github.com/${fullName}` };
    const { project } = await target.ensureProject(wanted, null, signal);
    const { url } = await target.remote(project);
    await runGit(url, ['fetch', '--quiet', bareDir, '+refs/*:refs/*']);
    const { repository } = makeRow(githubId, fullName, null);
    if (repository.mirror === null) throw new Error('the sample has no mirror');
    const place = { projectId: project.id, projectPath: project.path, projectUrl: project.webUrl };
    return { ...repository, mirror: { ...repository.mirror, ...place } };
  }

  const ended = (id: string): Promise<Handout> =>
    waitUntil('its end', () => {
      const handout = handouts.get(id);
      return handout !== null && handout.state !== 'waiting' && handout.state !== 'working' && handout;
    });
  const bundles = (): Promise<readonly string[]> => readdir(join(dir, 'bundles')).catch(() => []);
  const scratches = async (): Promise<readonly string[]> => {
    const names = await readdir(join(dir, 'git-home')).catch(() => []);
    return names.filter((name) => name.startsWith('scratch'));
  };

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'epicstar-handouts-'));
    clock = new ManualClock();
    freeBytes = null;
    const log = createKeptLog();
    const redactor = createRedactor();
    const git = createGit({
      cacheRoot: join(dir, 'cache'),
      homeDir: join(dir, 'git-home'),
      log,
      redactor,
      clock: realClock,
      processEnv: process.env,
      platform: process.platform,
    });
    target = createFolderTarget({ folder: join(dir, 'mirrors'), log, clock: realClock, allowInsecureHosts: [] });
    handouts = new Handouts({
      target,
      git,
      clock,
      random: Math.random,
      log,
      shelf: createBundleShelf(dir),
      disk: {
        dataDir: dir,
        freeBytes: () => Promise.resolve(freeBytes),
        writeProblem: () => Promise.resolve(null),
      },
    });
    const [one] = await generateSmall(join(dir, 'upstream'), 1);
    if (one === undefined) throw new Error('nothing was generated');
    upstream = one;
    small = await mirrored(1, one);
  });
  afterEach(async () => {
    await handouts.stop();
    await rm(dir, { recursive: true, force: true });
  });

  it('is kept for an hour and then gone, file and all', async () => {
    const { id } = handouts.bundle(small, true);
    expect(await ended(id)).toMatchObject({ state: 'done', bundle: { until: clock.now() + hourMs } });
    expect(await bundles()).toEqual([`${id}.bundle`]);
    expect(handouts.file(id)?.path).toBe(join(dir, 'bundles', `${id}.bundle`));
    await clock.advance(hourMs - 1);
    expect(handouts.get(id)).not.toBeNull();
    await clock.advance(1);
    expect([handouts.get(id), handouts.file(id)]).toEqual([null, null]);
    await waitUntil('the file to go', async () => (await bundles()).length === 0);
    expect(await scratches()).toEqual([]);
  });

  it('is made anew where it is wanted again, and joined while it is made', async () => {
    const first = handouts.bundle(small, false);
    expect(handouts.bundle(small, false).id).toBe(first.id);
    expect(handouts.bundle(small, true).id).not.toBe(first.id);
    await ended(first.id);
    const second = handouts.bundle(small, false);
    expect(second.id).not.toBe(first.id);
    await ended(second.id);
    expect(handouts.get(first.id)).toBeNull();
    await waitUntil('the older file to go', async () => (await bundles()).length === 2);
  });

  it('needs room for itself and for what it is made of, and says so', async () => {
    freeBytes = 10_000_000;
    const { id } = handouts.bundle(small, false);
    const { state, error } = await ended(id);
    expect([state, error?.code]).toEqual(['failed', 'disk-full']);
    expect(error?.message).toMatch(/needs about \d+ MB and 10 MB are free/);
    expect([await bundles(), await scratches()]).toEqual([[], []]);
  });

  it('lies there with no more than ten, is found by its repository, and goes into no folder that is a link', async () => {
    const ids: string[] = [];
    for (let githubId = 1; githubId <= 11; githubId += 1) {
      const one = githubId === 1 ? small : await mirrored(githubId, { ...upstream, fullName: `many/of-${githubId}` });
      const { id } = handouts.bundle(one, false);
      expect(await ended(id)).toMatchObject({ state: 'done' });
      ids.push(id);
    }
    expect(handouts.get(ids[0] ?? '')).toBeNull();
    expect(handouts.of(1)).toEqual([]);
    expect(handouts.of(11)).toMatchObject([{ id: ids[10], state: 'done' }]);
    await waitUntil('the oldest to go', async () => (await bundles()).length === 10);
    await rm(join(dir, 'bundles'), { recursive: true });
    const elsewhere = await mkdtemp(join(dir, 'elsewhere-'));
    await symlink(elsewhere, join(dir, 'bundles'));
    expect(await ended(handouts.bundle(small, false).id)).toMatchObject({
      state: 'failed',
      error: { code: 'internal' },
    });
    expect(await readdir(elsewhere)).toEqual([]);
  });

  it('says what to do, and nothing of trying again by itself', async () => {
    freeBytes = 10_000_000;
    const { error } = await ended(handouts.bundle(small, false).id);
    expect(error?.nextStep).toBe('Free some space, then try again.');
  });

  it('comes one after another; what is ended before its turn never begins, and the end waits for git', async () => {
    const large = await mirrored(2, await generateLarge(join(dir, 'large'), 40));
    const first = handouts.bundle(large, false);
    const second = handouts.bundle(small, false);
    await waitUntil('the first to read', () => handouts.get(first.id)?.step === 'reading');
    expect(handouts.get(second.id)?.state).toBe('waiting');
    expect(handouts.end(second.id)).toBe(true);
    expect(handouts.get(second.id)?.state).toBe('cancelled');
    const startMs = performance.now();
    await handouts.stop();
    expect(performance.now() - startMs).toBeLessThan(5_000);
    expect([await bundles(), await scratches()]).toEqual([[], []]);
    expect(() => handouts.bundle(small, false)).toThrow(expect.objectContaining({ code: 'cancelled' }));
  });

  it('says what is not there: no mirror, a mirror that is gone, one without a branch', async () => {
    const none = handouts.bundle({ ...small, githubId: 7, mirror: null }, false);
    expect((await ended(none.id)).error?.message).toContain('is not mirrored.');
    const { bareDir } = { bareDir: (await target.remote(projectOf(small))).url };
    for (const ref of (await runGit(bareDir, ['for-each-ref', '--format=%(refname)'])).trim().split('\n')) {
      await runGit(bareDir, ['update-ref', '-d', ref]);
    }
    expect((await ended(handouts.bundle(small, false).id)).error?.message).toContain('holds no branch and no tag.');
    await rm(bareDir, { recursive: true });
    expect((await ended(handouts.bundle(small, true).id)).error?.message).toContain('is not there any more.');
    expect(handouts.end('unknown')).toBe(false);
  });

  it('of a process that was killed is removed by the next, and of one that lives is left', async () => {
    await ended(handouts.bundle(small, false).id);
    const home = join(dir, 'git-home');
    const left = await mkdtemp(join(home, 'scratch-999999999-'));
    const alive = await mkdtemp(join(home, `scratch-${process.ppid}-`));
    await handouts.tidy();
    expect(await scratches()).toEqual([alive.slice(home.length + 1)]);
    expect(left).not.toBe(alive);
    expect(await bundles()).toEqual([]);
  });

  function projectOf({ mirror }: RepositoryRecord) {
    if (mirror === null) throw new Error('there is no mirror');
    return { id: mirror.projectId, path: mirror.projectPath, webUrl: mirror.projectUrl };
  }
});
