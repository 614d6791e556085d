/** @file What every place for mirrors promises, as tests. Written once; run on each of them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MirrorTarget, TargetProject } from '../../src-main/engine/ports/mirror-target.ts';
import { git, push } from './mirror-target-git.ts';
import { codeOf, wanted } from './mirror-target-words.ts';
import type { Place } from './mirror-target-places.ts';
import { describeArchive } from './mirror-target-archive.ts';
import { describeClashes } from './mirror-target-clashes.ts';

const signal = new AbortController().signal;

export function describeMirrorTarget(kind: MirrorTarget['kind'], makePlace: () => Promise<Place>): void {
  describeArchive(kind, makePlace);
  describeClashes(kind, makePlace);
  describe(`${kind} target`, () => {
    let place: Place;
    let source: string;

    beforeAll(async () => {
      source = await mkdtemp(join(tmpdir(), 'epicstar-source-'));
      await git(source, ['init', '--quiet', '--initial-branch=main', '.']);
      await writeFile(join(source, 'file'), 'text');
      await git(source, ['add', 'file']);
      await git(source, ['commit', '--quiet', '-m', 'first']);
      await git(source, ['branch', 'aaa']);
      await git(source, ['branch', 'zzz']);
      await git(source, ['tag', 'v1']);
    });

    afterAll(async () => {
      await rm(source, { recursive: true, force: true });
    });

    beforeEach(async () => {
      place = await makePlace();
    });

    afterEach(async () => {
      await place.close();
    });

    const ensure = (githubId: number, fullName: string, knownId: string | null = null, target = place.target) =>
      target.ensureProject(wanted(githubId, fullName), knownId, signal);

    const heads = async (project: TargetProject): Promise<readonly string[]> => {
      const text = await git(await place.bareDirOf(project), ['for-each-ref', '--format=%(refname)']);
      return text.split('\n').filter((line) => line !== '');
    };

    it('tells where a project stands, also after it made way, and that it is gone', async () => {
      const { project } = await ensure(12, 'ada/engine');
      expect(await place.target.whereIs(project, signal, 12)).toEqual(project);
      expect(await place.target.whereIs(project, signal, 13)).toBeNull();
      await ensure(13, 'ada/engine');
      const aside = await place.newTarget().whereIs(project, signal, 12);
      if (aside === null) throw new Error('it is there');
      expect(aside.id).toBe(project.id);
      expect(aside.path).toContain('ada/engine+12');
      await place.removeByHand(aside);
      expect(await place.newTarget().whereIs(project, signal, 12)).toBeNull();
    });

    it('creates a project with its parents, and adopts it afterwards', async () => {
      const first = await ensure(12, 'ada/engine');
      expect(first).toMatchObject({ how: 'created', movedFrom: null, project: { path: place.pathOf('ada/engine') } });
      const second = await ensure(12, 'ada/engine', first.project.id);
      expect(second).toEqual({ ...first, how: 'adopted' });
      expect(await ensure(12, 'ada/engine')).toEqual(second);
    });

    it('finds a mirror by its provenance where nothing is remembered', async () => {
      const one = await ensure(12, 'ada/engine');
      const other = await ensure(123, 'ada/other');
      const target = place.newTarget();
      expect((await ensure(12, 'ada/engine', null, target)).project).toEqual(one.project);
      expect((await ensure(123, 'ada/other', null, target)).project).toEqual(other.project);
      expect((await ensure(123, 'ada/other', one.project.id, target)).project).toEqual(other.project);
    });

    it('finds a mirror that was moved by hand, and brings it back', async () => {
      const { project } = await ensure(12, 'ada/engine');
      await place.moveByHand(project, 'elsewhere/thing');
      const found = await ensure(12, 'ada/engine', null, place.newTarget());
      expect(found).toMatchObject({ how: 'adopted', movedFrom: place.pathOf('elsewhere/thing') });
      expect(found.project).toEqual(project);
    });

    it('creates a mirror again that was removed by hand', async () => {
      const { project } = await ensure(12, 'ada/engine');
      await place.removeByHand(project);
      const again = await ensure(12, 'ada/engine', project.id);
      expect(again.how).toBe('created');
      expect(again.project.path).toBe(project.path);
    });

    it('takes no notice of an id that belongs to something else', async () => {
      await place.putForeign('zoe/own');
      for (const knownId of ['1', '2', '3', '999999', 'not an id', '']) {
        expect((await ensure(12, 'ada/engine', knownId)).project.path).toBe(place.pathOf('ada/engine'));
      }
    });

    it('rejects where something foreign has the place, if that is wished, and leaves it alone', async () => {
      const target = place.newTarget('fail');
      await ensure(1, 'zoe/any');
      await place.putForeign('ada/engine');
      const before = await place.list();
      expect(await codeOf(ensure(12, 'ada/engine', null, target))).toBe('target-name-clash');
      expect(await codeOf(ensure(12, 'Ada/Engine', null, target))).toBe('target-name-clash');
      expect(await place.list()).toEqual(before);
      const { project } = await ensure(12, 'ada/free', null, target);
      expect(await codeOf(ensure(12, 'ada/engine', project.id, target))).toBe('target-name-clash');
      expect(await place.list()).toContain(place.pathOf('ada/free'));
    });

    it('follows a rename and a transfer with all refs', async () => {
      const { project } = await ensure(12, 'ada/engine');
      await push(source, await place.target.remote(project), ['main', 'v1']);
      const renamed = await ensure(12, 'ada/machine', project.id);
      expect(renamed).toMatchObject({ how: 'adopted', movedFrom: project.path });
      expect(renamed.project).toMatchObject({ id: project.id, path: place.pathOf('ada/machine') });
      const moved = await ensure(12, 'charles/machine', project.id);
      expect(moved).toMatchObject({ movedFrom: place.pathOf('ada/machine') });
      expect(await heads(moved.project)).toEqual(['refs/heads/main', 'refs/tags/v1']);
      expect(await place.list()).not.toContain(project.path);
      const remote = await place.target.remote(moved.project);
      await push(source, remote, ['zzz']);
      expect(await heads(moved.project)).toContain('refs/heads/zzz');
    });

    it('follows a rename that changes case alone', async () => {
      const { project } = await ensure(12, 'ada/engine');
      const renamed = await ensure(12, 'ada/Engine', project.id);
      expect(renamed).toMatchObject({ movedFrom: project.path, project: { path: place.pathOf('ada/Engine') } });
      expect((await ensure(12, 'Ada/Engine', project.id)).movedFrom).toBeNull();
    });

    it('resolves a swap of names, whichever is asked for first', async () => {
      const a = await ensure(1, 'ada/a');
      const b = await ensure(2, 'ada/b');
      await push(source, await place.target.remote(a.project), ['aaa']);
      await push(source, await place.target.remote(b.project), ['zzz']);
      const newA = await ensure(1, 'ada/b', a.project.id);
      const newB = await ensure(2, 'ada/a', b.project.id);
      expect(newA.project).toMatchObject({ id: a.project.id, path: place.pathOf('ada/b') });
      expect(newB.project).toMatchObject({ id: b.project.id, path: place.pathOf('ada/a') });
      expect(await heads(newA.project)).toEqual(['refs/heads/aaa']);
      expect(await heads(newB.project)).toEqual(['refs/heads/zzz']);
    });

    it('keeps the mirror of a repository whose name a stranger took', async () => {
      const old = await ensure(1, 'ada/engine');
      await push(source, await place.target.remote(old.project), ['main']);
      const stranger = await ensure(2, 'ada/engine');
      expect(stranger).toMatchObject({ how: 'created', project: { path: place.pathOf('ada/engine') } });
      expect(await heads(stranger.project)).toEqual([]);
      const aside = { ...old.project, path: place.pathOf('ada/engine+1') };
      expect(await place.list()).toContain(aside.path);
      expect(await heads(aside)).toEqual(['refs/heads/main']);
      expect((await place.target.remote(old.project)).url).toContain('engine+1');
    });

    it('makes no duplicates of 20 repositories of one new owner at once', async () => {
      const names = Array.from({ length: 20 }, (_, index) => `ada/repository-${index}`);
      const all = await Promise.all(names.map((name, index) => ensure(100 + index, name)));
      expect(new Set(all.map(({ project }) => project.id)).size).toBe(20);
      const list = await place.list();
      expect(new Set(list).size).toBe(list.length);
      expect(list.filter((path) => path.includes('repository-'))).toEqual(names.map(place.pathOf).sort());
    });

    it('makes one project of one repository that is asked for 8 times at once', async () => {
      await ensure(1, 'ada/any');
      const all = await Promise.all(Array.from({ length: 8 }, () => ensure(12, 'ada/engine')));
      expect(new Set(all.map(({ project }) => project.id)).size).toBe(1);
      expect(all.filter(({ how }) => how === 'created')).toHaveLength(1);
    });

    it('sets a former holder aside once when its name is asked for 8 times at once', async () => {
      const old = await ensure(1, 'ada/engine');
      const all = await Promise.all(Array.from({ length: 8 }, () => ensure(12, 'ada/engine')));
      expect(new Set(all.map(({ project }) => project.id)).size).toBe(1);
      expect(new Set(all.map(({ project }) => project.path))).toEqual(new Set([place.pathOf('ada/engine')]));
      const engines = (await place.list()).filter((path) => path.includes('engine'));
      expect(engines).toEqual([place.pathOf('ada/engine'), place.pathOf('ada/engine+1')].sort());
      expect((await place.target.remote(old.project)).url).toContain('engine+1');
    });

    it.each(['.github', '-x', '_x', 'a.b', '123', 'a..b', 'x.lock'])('takes the name %s as it is', async (name) => {
      const { project } = await ensure(12, `ada/${name}`);
      expect(project.path).toBe(place.pathOf(`ada/${name}`));
      await push(source, await place.target.remote(project), ['main']);
      expect(await heads(project)).toEqual(['refs/heads/main']);
    });

    it('shows the description, and changes it when it changed', async () => {
      const described = (description: string) => wanted(12, 'ada/engine', description);
      const { project } = await place.target.ensureProject(described('An <b>engine</b>\nof 😀'), null, signal);
      // What a place shows as Markdown makes no element.
      expect(await place.descriptionOf(project)).toMatch(/^An [<‹]b>engine[<‹]\/b> of 😀\n/);
      await place.target.ensureProject(described('Another'), project.id, signal);
      expect(await place.descriptionOf(project)).toMatch(/^Another\n/);
      expect((await ensure(12, 'ada/engine', null, place.newTarget())).project).toEqual(project);
    });

    it.each([[['main', 'aaa']], [['aaa', 'main', 'zzz']], [['aaa', 'zzz']], [['zzz', 'aaa']], [['aaa']]])(
      'tells in advance which of %j it makes the default',
      async (branches) => {
        const { project } = await ensure(12, 'ada/engine');
        expect(await place.target.defaultBranch(project, signal)).toBeNull();
        await push(source, await place.target.remote(project), branches);
        const chosen = place.target.automaticDefault(branches);
        expect(await place.target.defaultBranch(project, signal)).toBe(chosen);
      },
    );

    it('sets the default branch, and only to a branch that exists', async () => {
      const { project } = await ensure(12, 'ada/engine');
      expect(await codeOf(place.target.setDefaultBranch(project, 'zzz', signal))).toBe('target-unexpected');
      await push(source, await place.target.remote(project), ['main', 'zzz']);
      await place.target.setDefaultBranch(project, 'zzz', signal);
      expect(await place.target.defaultBranch(project, signal)).toBe('zzz');
      await git(await place.bareDirOf(project), ['pack-refs', '--all']);
      await place.target.setDefaultBranch(project, 'main', signal);
      expect(await place.target.defaultBranch(project, signal)).toBe('main');
      expect(await codeOf(place.target.setDefaultBranch(project, 'no/such', signal))).toBe('target-unexpected');
      expect(await place.target.defaultBranch(project, signal)).toBe('main');
    });

    it('finds nothing wrong in a place that works, and leaves nothing behind', async () => {
      await ensure(12, 'ada/engine');
      const before = await place.list();
      const items = await place.target.check(signal);
      expect(items.filter(({ state }) => state === 'failed')).toEqual([]);
      expect(items.map(({ name }) => name)).toContain('reached');
      expect(await place.list()).toEqual(before);
    });

    it('rejects with cancelled once the signal is aborted', async () => {
      const { project } = await ensure(12, 'ada/engine');
      const aborted = AbortSignal.abort();
      const { target } = place;
      expect(await codeOf(target.ensureProject(wanted(13, 'ada/b'), null, aborted))).toBe('cancelled');
      expect(await codeOf(target.defaultBranch(project, aborted))).toBe('cancelled');
      expect(await codeOf(target.setDefaultBranch(project, 'main', aborted))).toBe('cancelled');
      expect(await codeOf(target.check(aborted))).toBe('cancelled');
      expect(await place.list()).not.toContain(place.pathOf('ada/b'));
    });

    it('tells its kind and limits, and takes ordinary refs', async () => {
      const { target } = place;
      expect(target.kind).toBe(kind);
      expect(target.limits.refsPerPush).toBeGreaterThanOrEqual(100);
      expect(target.limits.smallPushesAtOnce).toBeGreaterThanOrEqual(1);
      for (const ref of [
        'refs/heads/main',
        'refs/tags/v1.0',
        'refs/heads/größe/ü',
        'refs/heads/a@b',
        'refs/heads/-x',
      ]) {
        expect(target.refFitness(ref)).toBeNull();
      }
    });
  });
}
