/** @file `epicstar sync` as a user runs it: what it prints, what it counts, what its options change. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addCommit, readTips, runGit } from '../playground/repositories/index.ts';
import { type Installation, Stage } from '../support/stage.ts';

const summaryKeys = [
  'starsSeen',
  'mirrored',
  'unchanged',
  'skipped',
  'failed',
  'unfitRefs',
  'keptRefs',
  'githubRequests',
  'gitProcesses',
  'bytesReceived',
  'durationMs',
];

let stage: Stage;
/** Everything was mirrored once; for tests of what comes after. */
let synced: Installation;

beforeAll(async () => {
  stage = await Stage.start(3);
  synced = await stage.install();
  await synced.run(['sync']);
});
afterAll(() => stage.close());

async function expectMirrored(installation: Installation): Promise<void> {
  for (const { fullName, bareDir } of stage.stars) {
    expect(await installation.mirrorTips(fullName), fullName).toEqual(await readTips(bareDir));
  }
}

describe('sync', () => {
  it('prints plain lines where no person watches, and next time only the summary', async () => {
    const installation = await stage.install();
    const first = await installation.run(['sync']);
    expect(first.stderr).toBe('');
    expect(first.exitCode).toBe(0);
    const lines = first.stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(5);
    for (const { fullName } of stage.stars) {
      expect(lines.slice(0, 3).join('\n')).toMatch(
        new RegExp(`^mirrored {2}${fullName}: \\d refs? moved, [\\d.]+ kB, .*s$`, 'm'),
      );
    }
    expect(lines[3]).toBe('3 stars: 3 mirrored, 0 unchanged.');
    expect(lines[4]).toMatch(/^[\d.]+ m?s, [\d.]+ kB received, \d+ GitHub requests, \d+ git processes\.$/);
    // Nothing that only a terminal understands.
    expect(first.stdout).not.toMatch(/[^\x20-\x7e\n]/);
    await expectMirrored(installation);

    const second = await installation.run(['sync']);
    expect(second).toMatchObject({ exitCode: 0, stderr: '' });
    expect(second.stdout).toMatch(
      /^3 stars: 0 mirrored, 3 unchanged\.\n.*0 B received, 2 GitHub requests, 0 git processes\.\n$/,
    );
  });

  it('--json is one document with the promised keys; the log is on stderr', async () => {
    const installation = await stage.install();
    const first = await installation.run(['sync', '--json']);
    expect(first.exitCode).toBe(0);
    const summary = JSON.parse(first.stdout);
    expect(Object.keys(summary)).toEqual(summaryKeys);
    expect(summary).toMatchObject({ starsSeen: 3, mirrored: 3, unchanged: 0, skipped: [], failed: [] });
    expect(summary).toMatchObject({ unfitRefs: 0, keptRefs: 0 });
    for (const key of ['githubRequests', 'gitProcesses', 'bytesReceived', 'durationMs']) {
      expect(summary[key], key).toBeGreaterThan(0);
    }
    expect(first.stderr).toMatch(/^\S+Z INFO {2}mirror run is done .*fullName=owner-0\/small-1/m);

    const second = JSON.parse((await installation.run(['sync', '--json'])).stdout);
    expect(second).toMatchObject({ starsSeen: 3, mirrored: 0, unchanged: 3, gitProcesses: 0, bytesReceived: 0 });
  });

  it('mirrors what moved, and that alone', async () => {
    const { fullName, bareDir, id } = stage.star(1);
    const oid = await addCommit(bareDir, 'main', 'sync');
    stage.github.world.pushed(id);
    const ended = await synced.run(['sync']);
    expect(ended.stdout).toMatch(
      new RegExp(`^mirrored {2}${fullName}: 1 ref moved, .*\n3 stars: 1 mirrored, 2 unchanged\\.\n`),
    );
    expect((await synced.mirrorTips(fullName))['refs/heads/main']).toBe(oid);
  });

  it('--only mirrors the named ones, in any letter case, and leaves the others', async () => {
    const installation = await stage.install();
    const [one, other, third] = [stage.star(0), stage.star(1), stage.star(2)];
    const ended = await installation.run(['sync', '--only', one.fullName, '--only', other.fullName.toUpperCase()]);
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ended.stdout).toContain('3 stars: 2 mirrored, 0 unchanged.\n');
    expect(ended.stdout).not.toContain(third.fullName);
    expect(await installation.mirrorTips(one.fullName)).toEqual(await readTips(one.bareDir));
    expect(await installation.mirrorTips(other.fullName)).toEqual(await readTips(other.bareDir));
    expect(installation.onedev.world.findByPath(`github/${third.fullName}`)).toBeUndefined();

    const rest = await installation.run(['sync']);
    expect(rest.stdout).toMatch(new RegExp(`^mirrored {2}${third.fullName}: .*\n3 stars: 1 mirrored, 2 unchanged`));
  });

  it('--only with a name that is not starred says so and mirrors nothing', async () => {
    const installation = await stage.install();
    const args = ['sync', '--only', stage.star(0).fullName, '--only', 'nobody/nothing'];
    const plain = await installation.run(args);
    expect(plain).toMatchObject({ exitCode: 2, stdout: '' });
    expect(plain.stderr).toBe(
      'epicstar: A setting is wrong. --only nobody/nothing: no starred repository has this name.\n' +
        'Correct the setting named here.\n',
    );
    const json = await installation.run([...args, '--json']);
    expect(json.exitCode).toBe(2);
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'config-invalid', action: 'open-settings' } });
    expect(installation.onedev.world.projects.size).toBe(0);
  });

  it('--dry-run says what would be done and changes nothing', async () => {
    const installation = await stage.install();
    const fresh = await installation.run(['sync', '--dry-run']);
    expect(fresh).toMatchObject({ exitCode: 0, stderr: '' });
    expect(fresh.stdout.match(/^would mirror {2}owner-0\/small-\d \(new-star, about [\d.]+ kB\)$/gm)).toHaveLength(3);
    expect(fresh.stdout).toMatch(/^3 stars; 3 mirror runs would be made\.\n$/m);
    expect(existsSync(installation.dataDir)).toBe(false);

    await installation.run(['sync', '--only', stage.star(0).fullName]);
    stage.github.world.touch(stage.star(0).id);
    const before = await contentsOf(installation.dataDir);
    const projects = installation.onedev.world.projects.size;
    const pushes = installation.onedev.log.count({ method: 'POST' });
    const later = await installation.run(['sync', '--dry-run', '--json', '--full']);
    expect(JSON.parse(later.stdout)).toEqual({
      dryRun: true,
      starsSeen: 3,
      newStars: 0,
      wouldMirror: [0, 1, 2].map((index) => ({
        githubId: stage.star(index).id,
        fullName: stage.star(index).fullName,
        cause: index === 0 ? 'pushed' : 'new-star',
        sizeKb: expect.any(Number),
      })),
    });
    expect(await contentsOf(installation.dataDir)).toEqual(before);
    expect(installation.onedev.world.projects.size).toBe(projects);
    expect(installation.onedev.log.count({ method: 'POST' })).toBe(pushes);
  });

  it('--full reads the whole list though nothing asks for it', async () => {
    const walks = async (args: readonly string[]): Promise<number> => {
      const before = stage.github.log.count({ path: '/user/starred' });
      const { exitCode, stdout } = await synced.run(args);
      expect(exitCode).toBe(0);
      expect(stdout).toContain('3 stars: 0 mirrored, 3 unchanged.\n');
      return stage.github.log.count({ path: '/user/starred' }) - before;
    };
    const quick = await walks(['sync']);
    expect(await walks(['sync', '--full'])).toBeGreaterThan(quick);
    expect(await synced.logText()).toContain('reading the whole starred list reason="asked for"');
  });

  it('mirrors into a folder, with no server at all', async () => {
    const installation = await stage.install({ EPICSTAR_ONEDEV_URL: null, EPICSTAR_ONEDEV_TOKEN: null });
    const folder = join(installation.dir, 'mirrors');
    const env = { EPICSTAR_TARGET: 'folder', EPICSTAR_FOLDER: folder };
    const ended = await installation.run(['sync'], env);
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ended.stdout).toContain('3 stars: 3 mirrored, 0 unchanged.\n');
    for (const { fullName, bareDir } of stage.stars) {
      expect(await readTips(join(folder, `${fullName}.git`)), fullName).toEqual(await readTips(bareDir));
    }
    const status = await installation.run(['status'], env);
    expect(status).toMatchObject({ exitCode: 0 });
    expect(status.stdout).toContain(`Mirrors are kept in ${folder}.\n`);
    expect(installation.onedev.log.entries).toHaveLength(0);
  });

  it('tells a repository whose names do not fit and old tips that are kept in the summary', async () => {
    const { bareDir, id, fullName } = stage.star(2);
    const tip = (await readTips(bareDir))['refs/heads/main'] ?? '';
    await runGit(bareDir, ['update-ref', 'refs/heads/main', `${tip}~1`]);
    await runGit(bareDir, ['update-ref', 'refs/tags/v1+1', tip]);
    stage.github.world.pushed(id);
    const ended = await synced.run(['sync', '--json']);
    expect(JSON.parse(ended.stdout)).toMatchObject({ mirrored: 1, keptRefs: 1, unfitRefs: 1, failed: [] });
    const tips = await synced.mirrorTips(fullName);
    expect(Object.entries(tips).filter(([ref]) => ref.startsWith('refs/epicstar/kept/'))).toEqual([
      [expect.stringMatching(/\/heads\/main$/), tip],
    ]);
    expect((await synced.run(['verify', fullName])).stdout).toContain('1 ref left out');
  });
});

/** Every file of the data directory with its bytes. An empty file or SQLite's shared memory is no content. */
async function contentsOf(dir: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('-shm'));
  const pairs = files.map(async (file): Promise<readonly [string, string][]> => {
    const path = join(file.parentPath, file.name);
    const bytes = await readFile(path);
    return bytes.length === 0 ? [] : [[path, createHash('sha256').update(bytes).digest('hex')]];
  });
  return Object.fromEntries((await Promise.all(pairs)).flat());
}
