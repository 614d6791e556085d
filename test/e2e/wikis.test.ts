/** @file Wikis: projects of their own beside their repositories, where a person wants them, and never in anybody's way. */
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { wikiIdOf } from '../../src-main/engine/domain/extras.ts';
import { addCommit, createBare, readTips, runGit } from '../playground/repositories/index.ts';
import { MirrorBench } from '../support/mirror-bench.ts';
import { Stage } from '../support/stage.ts';

async function makeBare(dir: string, text: string): Promise<string> {
  await mkdir(dir, { recursive: true });
  createBare(dir, 'master');
  await addCommit(dir, 'master', text);
  return dir;
}

describe('the setting', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.start(1);
    const wikiDir = await makeBare(join(stage.dir, 'wiki.git'), 'Home\n');
    stage.github.world.edit(stage.star(0).id, { wikiDir });
  });
  afterAll(() => stage.close());

  it('decides whether wikis are mirrored; they are not by default', async () => {
    const { fullName } = stage.star(0);
    const usual = await stage.install({});
    expect(await usual.run(['sync'])).toMatchObject({ exitCode: 0 });
    expect(() => usual.mirrorDir(`${fullName}.wiki`)).toThrow('no project');
    const wanted = await stage.install({ EPICSTAR_WIKIS: 'mirror' });
    expect(await wanted.run(['sync'])).toMatchObject({ exitCode: 0 });
    expect(Object.keys(await wanted.mirrorTips(`${fullName}.wiki`))).toContain('refs/heads/master');
    const wrong = await stage.install({ EPICSTAR_WIKIS: 'yes' });
    const { exitCode, stderr } = await wrong.run(['sync']);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('off, mirror');
  });
});

describe.each(['onedev', 'folder'] as const)('a wiki in %s', (targetKind) => {
  let bench: MirrorBench;
  let bareDir: string;
  let wikiDir: string;
  let id: number;

  beforeEach(async () => {
    bench = await MirrorBench.start({ targetKind, options: { mirrorsWikis: true } });
    bareDir = await makeBare(join(bench.dir, 'upstream', 'tool.git'), 'code\n');
    wikiDir = await makeBare(join(bench.dir, 'upstream', 'wiki.git'), 'Home\n');
    id = bench.github.world.addRepository({ fullName: 'ada/tool', bareDir, wikiDir });
    bench.github.world.star(id);
  });
  afterEach(() => bench.close());

  const wikiOf = async (githubId = id) => (await bench.store.extras(githubId)).wiki;
  const tipsOf = async (dir: string): Promise<Record<string, string>> =>
    Object.fromEntries(Object.entries(await readTips(dir)).filter(([ref]) => /^refs\/(?:heads|tags)\//.test(ref)));
  const again = async (): Promise<void> => {
    await bench.engine.mirrorNow([id]);
    await bench.engine.drained(75_000);
  };

  it('stands beside its repository, with its own history, and follows what comes', async () => {
    await bench.sync();
    expect(await tipsOf(bench.mirrorDir('ada/tool'))).toEqual(await tipsOf(bareDir));
    expect(await tipsOf(bench.mirrorDir('ada/tool.wiki'))).toEqual(await tipsOf(wikiDir));
    expect(await wikiOf()).toMatchObject({ kind: 'mirrored', refCount: 1, reason: null });
    expect((await bench.row(id)).repository.mirror?.projectPath).not.toMatch(/wiki/);
    const caches = (await bench.git.listCaches()).map(({ key }) => key);
    expect(caches).toEqual([id, wikiIdOf(id)]);
    await addCommit(wikiDir, 'master', 'More\n');
    await again();
    expect(await tipsOf(bench.mirrorDir('ada/tool.wiki'))).toEqual(await tipsOf(wikiDir));
  });

  it('goes with the mirror of its repository when that is deleted, and nothing else does', async () => {
    const other = bench.github.world.addRepository({ fullName: 'ada/other.wikis', bareDir });
    bench.github.world.star(other);
    await bench.sync();
    const [wikiDirThere, otherDir] = [bench.mirrorDir('ada/tool.wiki'), bench.mirrorDir('ada/other.wikis')];
    const { signal } = new AbortController();
    expect(await bench.engine.deleteMirrors([{ githubId: id, typedName: 'ada/tool' }], signal)).toMatchObject([
      { state: 'done', error: null },
    ]);
    expect(existsSync(wikiDirThere)).toBe(false);
    expect(await tipsOf(otherDir)).toEqual(await tipsOf(bareDir));
    expect((await bench.git.listCaches()).map(({ key }) => key)).toEqual([other]);
  });

  it('that became somebody’s stays when the mirror of its repository is deleted, and that is said', async () => {
    await bench.sync();
    const dir = bench.mirrorDir('ada/tool.wiki');
    if (targetKind === 'folder') await rm(join(dir, 'epicstar.json'));
    else {
      const project = bench.onedev.world.findByPath('github/ada/tool.wiki');
      if (project === undefined) throw new Error('it is there');
      project.description = 'Somebody wrote this.';
    }
    const { signal } = new AbortController();
    const [report] = await bench.engine.deleteMirrors([{ githubId: id, typedName: 'ada/tool' }], signal);
    expect((await bench.row(id)).repository.mirror).toBeNull();
    expect(existsSync(dir)).toBe(true);
    // A folder knows mirrors by what is written in them alone.
    if (targetKind === 'onedev') expect(report?.error?.message).toContain('its wiki at');
  });

  it('keeps its old tips when it is rewritten', async () => {
    await bench.sync();
    const [before] = Object.values(await tipsOf(wikiDir));
    await runGit(wikiDir, ['update-ref', '-d', 'refs/heads/master']);
    await addCommit(wikiDir, 'master', 'Anew\n');
    await again();
    const after = await readTips(bench.mirrorDir('ada/tool.wiki'));
    expect(after['refs/heads/master']).not.toBe(before);
    expect(Object.entries(after).some(([ref, oid]) => ref.startsWith('refs/epicstar/kept/') && oid === before)).toBe(
      true,
    );
  });

  it('moves with its repository and is the same project as before', async () => {
    await bench.sync();
    const { projectId } = (await wikiOf()) ?? {};
    bench.github.world.rename(id, 'ada/engine');
    await bench.sync(true);
    await again();
    expect(await wikiOf()).toMatchObject({ kind: 'mirrored', projectId });
    expect(await tipsOf(bench.mirrorDir('ada/engine.wiki'))).toEqual(await tipsOf(wikiDir));
    expect(await tipsOf(bench.mirrorDir('ada/engine'))).toEqual(await tipsOf(bareDir));
    expect((await wikiOf())?.projectPath).toMatch(/ada\/engine\.wiki/);
  });

  it('that is not there is no failure, and leaves no project', async () => {
    const other = bench.github.world.addRepository({ fullName: 'ada/bare', bareDir });
    bench.github.world.star(other);
    await bench.sync();
    expect(await wikiOf(other)).toMatchObject({ kind: 'absent', projectId: null });
    expect((await bench.row(other)).incomplete).toBeNull();
    const { mirrors } = await bench.target.list(new AbortController().signal);
    const names = mirrors.map(({ fullName }) => fullName).sort();
    expect(names).toEqual(['ada/bare', 'ada/tool', 'ada/tool.wiki']);
    // One that goes away stays in the mirror.
    bench.github.world.edit(id, { wikiDir: null });
    await again();
    expect(await wikiOf()).toMatchObject({ kind: 'absent' });
    expect((await wikiOf())?.projectPath).toMatch(/wiki/);
    expect(Object.keys(await tipsOf(bench.mirrorDir('ada/tool.wiki')))).toEqual(['refs/heads/master']);
  });

  it('that fails leaves its repository mirrored, and says why', async () => {
    const fault = bench.github.faults.add({ kind: 'status', status: 503, match: ({ path }) => path.includes('.wiki') });
    await bench.sync();
    expect((await bench.row(id)).state).toBe('mirrored');
    expect(await wikiOf()).toMatchObject({ kind: 'incomplete' });
    expect((await bench.row(id)).incomplete).toMatch(/^Wiki: ./);
    expect((await bench.store.extras(id)).retryAt).not.toBeNull();
    fault.remove();
    await again();
    expect(await wikiOf()).toMatchObject({ kind: 'mirrored' });
    expect((await bench.row(id)).incomplete).toBeNull();
    expect((await bench.store.extras(id)).retryAt).toBeNull();
  });

  it('never takes the place of a repository, nor of a project of somebody else', async () => {
    const namesake = await makeBare(join(bench.dir, 'upstream', 'namesake.git'), 'a repository\n');
    const other = bench.github.world.addRepository({ fullName: 'ada/tool.wiki', bareDir: namesake, hasWiki: false });
    bench.github.world.star(other);
    await bench.sync();
    await again();
    expect(await tipsOf(bench.mirrorDir('ada/tool.wiki'))).toEqual(await tipsOf(namesake));
    expect((await bench.row(other)).state).toBe('mirrored');
    expect(await wikiOf()).toMatchObject({ kind: 'incomplete' });
    expect((await bench.row(id)).state).toBe('mirrored');
  });

  it('is found again by a new machine, with nothing doubled', async () => {
    await bench.sync();
    const { projectId, projectPath } = (await wikiOf()) ?? {};
    await bench.stop();
    await bench.forgetData();
    await bench.sync();
    expect(await wikiOf()).toMatchObject({ kind: 'mirrored', projectId, projectPath });
    expect(
      (await bench.engine.repositories({ text: '', state: null, order: 'name', offset: 0, limit: 10 })).total,
    ).toBe(1);
  });
});
