/** @file Archiving, bringing back and deleting single mirrors, by the real program on OneDev and in a folder. */
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readTips } from '../playground/repositories/index.ts';
import { ProgramClient } from '../support/program-client.ts';
import { Served } from '../support/served.ts';
import { type EnvironmentChange, type Installation, Stage } from '../support/stage.ts';
import { waitUntil } from '../support/wait.ts';

let stage: Stage;
let installation: Installation;

beforeAll(async () => {
  stage = await Stage.start(2);
});
afterEach(() => installation.stopAll());
afterAll(() => stage.close());

async function mirrorAll(change: EnvironmentChange = {}): Promise<readonly [string, string]> {
  installation = await stage.install(change);
  expect(await installation.run(['sync'])).toMatchObject({ exitCode: 0 });
  return [stage.star(0).fullName, stage.star(1).fullName];
}

const archiveName = (fullName: string): string => `_archived/${fullName.replace('/', '+')}`;
const isThere = (path: string): boolean => installation.onedev.world.findByPath(`github/${path}`) !== undefined;

describe('a mirror on OneDev', () => {
  it('is put away, not mirrored any more, and brought back', async () => {
    const [first, second] = await mirrorAll();
    const tips = await installation.mirrorTips(first);
    const archived = await installation.run(['mirrors', 'archive', first]);
    expect(archived).toMatchObject({ exitCode: 0 });
    expect(archived.stdout).toContain(`in the archive  ${first}`);
    expect(await installation.mirrorTips(archiveName(first))).toEqual(tips);
    expect(isThere(first)).toBe(false);
    // Neither a look, nor a new star, nor a wish makes it anew.
    stage.github.world.unstar(stage.star(0).id);
    await installation.run(['sync', '--full']);
    stage.github.world.star(stage.star(0).id);
    const later = await installation.run(['sync', '--full', '--json']);
    expect(JSON.parse(later.stdout)).toMatchObject({ mirrored: 0 });
    await installation.run(['sync', '--only', first]);
    expect(isThere(first)).toBe(false);
    expect(isThere(second)).toBe(true);
    expect(await installation.run(['mirrors', 'bring-back', first])).toMatchObject({ exitCode: 0 });
    expect(isThere(archiveName(first))).toBe(false);
    expect(await installation.mirrorTips(first)).toEqual(tips);
    expect(await installation.run(['sync', '--only', first])).toMatchObject({ exitCode: 0 });
  });

  it('is deleted only with its name, and not made anew by itself', async () => {
    const [first, second] = await mirrorAll();
    for (const words of [[], ['--confirm', 'somebody/else'], ['--confirm', second]]) {
      const refused = await installation.run(['mirrors', 'delete', first, ...words]);
      expect(refused.exitCode).toBe(2);
      expect(refused.stderr).toContain(`--confirm ${first}`);
    }
    const half = await installation.run(['mirrors', 'delete', first, second, '--confirm', first]);
    expect(half.exitCode).toBe(2);
    expect([isThere(first), isThere(second)]).toEqual([true, true]);
    const deleted = await installation.run(['mirrors', 'delete', first, '--confirm', first, '--json']);
    expect(deleted).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(deleted.stdout)).toMatchObject([{ fullName: first, state: 'done' }]);
    expect(deleted.stderr).toContain(`${first}:`);
    expect([isThere(first), isThere(second)]).toEqual([false, true]);
    expect(await readdir(join(installation.dataDir, 'cache'))).not.toContain(`${stage.star(0).id}.git`);
    await installation.run(['sync', '--full']);
    expect(isThere(first)).toBe(false);
  });

  it('is not deleted where its project became somebody’s, and says so', async () => {
    const [first] = await mirrorAll();
    const project = installation.onedev.world.findByPath(`github/${first}`);
    if (project === undefined) throw new Error('it is there');
    project.description = 'Somebody wrote this.';
    const refused = await installation.run(['mirrors', 'delete', first, '--confirm', first]);
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout).toMatch(/FAILED .* has no line "Mirrored by epicstar/);
    expect(isThere(first)).toBe(true);
    // The word is taken back: it is mirrored as before.
    const { exitCode, stdout } = await installation.run(['sync', '--only', first, '--json']);
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
  });

  it('that was to be deleted while OneDev took no token is left alone until somebody knows, and then is as before', async () => {
    const [first] = await mirrorAll();
    const cut = await installation.run(['mirrors', 'delete', first, '--confirm', first, '--json'], {
      EPICSTAR_ONEDEV_TOKEN: 'a-token-that-is-wrong-a-token-that-is-wrong',
    });
    expect(JSON.parse(cut.stdout)).toMatchObject([{ state: 'later', error: { code: 'target-signed-out' } }]);
    expect(cut.exitCode).toBe(1);
    expect(isThere(first)).toBe(true);
    expect(await installation.run(['sync'])).toMatchObject({ exitCode: 0 });
    const again = await installation.run(['sync', '--only', first, '--json']);
    expect(JSON.parse(again.stdout)).toMatchObject({ unchanged: 1, skipped: [] });
  });

  it('is acted on from the window of a running program', async () => {
    const [first] = await mirrorAll();
    const { id } = stage.star(0);
    const served = await Served.start(installation);
    const client = await ProgramClient.connect(served);
    const beside = await installation.run(['mirrors', 'archive', first]);
    expect(beside.exitCode).not.toBe(0);
    expect(beside.stderr).toMatch(/this is done in its window/);
    expect(await client.call('mirrors.archive', { githubIds: [id] })).toMatchObject({ reports: [{ state: 'done' }] });
    const row = await client.call('repositories.get', { githubId: id });
    expect(row).toMatchObject({ mirror: { path: `github/${archiveName(first)}` }, state: 'mirrored' });
    expect(row?.archivedAt).not.toBeNull();
    expect(await client.call('mirror.now', { githubIds: [id] })).toEqual({ requested: 0 });
    expect((await client.call('repositories.verify', { githubId: id })).state).toMatch(/^same/);
    expect(await client.call('mirrors.bringBack', { githubIds: [id] })).toMatchObject({ reports: [{ state: 'done' }] });
    await waitUntil('it to be in its place, and mirrored', async () => {
      const view = await client.call('repositories.get', { githubId: id });
      return view?.state === 'mirrored' && view.mirror?.path === `github/${first}` && view.archivedAt === null;
    });
    const wrong = client.call('mirrors.delete', { wishes: [{ githubId: id, typedName: 'yes' }] });
    await expect(wrong).rejects.toThrow(/only if that name is typed/);
    expect(isThere(first)).toBe(true);
    const wishes = [{ githubId: id, typedName: first.toUpperCase() }];
    expect(await client.call('mirrors.delete', { wishes })).toMatchObject({ reports: [{ state: 'done' }] });
    expect(isThere(first)).toBe(false);
    expect(await client.call('repositories.get', { githubId: id })).toMatchObject({ mirror: null, choice: 'exclude' });
    const acts = await client.call('mirrors.acts', {});
    expect(acts.map(({ kind, fullName }) => [kind, fullName])).toEqual([
      ['deleted', first],
      ['brought-back', first],
      ['archived', first],
    ]);
    client.close();
  });
});

describe('a mirror in a folder', () => {
  it('is put away, brought back and deleted', async () => {
    const parent = join(stage.dir, 'folder-acts');
    await mkdir(parent);
    const folder = join(parent, 'mirrors');
    const [first, second] = await mirrorAll({ EPICSTAR_TARGET: 'folder', EPICSTAR_FOLDER: folder });
    const tips = await readTips(join(folder, `${first}.git`));
    await installation.run(['mirrors', 'archive', first]);
    expect(await readTips(join(folder, `${archiveName(first)}.git`))).toEqual(tips);
    await installation.run(['sync', '--full']);
    expect(await readdir(join(folder, '_archived'))).toEqual([`${first.replace('/', '+')}.git`]);
    await installation.run(['mirrors', 'bring-back', first]);
    expect(await readTips(join(folder, `${first}.git`))).toEqual(tips);
    expect(await readdir(folder)).not.toContain('_archived');
    await installation.run(['mirrors', 'delete', first, '--confirm', first]);
    const [owner = '', name = ''] = second.split('/');
    expect(await readdir(join(folder, owner))).toContain(`${name}.git`);
    await installation.run(['sync']);
    expect(await readdir(folder, { recursive: true })).not.toContain(`${first}.git`);
  });
});
