/** @file What every place for mirrors promises where something that is not ours has the place of a mirror. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MirrorTarget } from '../../src-main/engine/ports/mirror-target.ts';
import type { GitRemote } from '../../src-main/engine/ports/git.ts';
import { git } from './mirror-target-git.ts';
import type { Place } from './mirror-target-places.ts';
import { codeOf, wanted } from './mirror-target-words.ts';

const signal = new AbortController().signal;
const nothing = (): Promise<null> => Promise.resolve(null);

export function describeClashes(kind: MirrorTarget['kind'], makePlace: () => Promise<Place>): void {
  describe(`${kind} target: clashes`, () => {
    let place: Place;

    beforeEach(async () => {
      place = await makePlace();
      await place.target.ensureProject(wanted(1, 'zoe/any'), null, signal);
    });

    afterEach(async () => {
      await place.close();
    });

    it('puts a new mirror beside what is not ours, and into its place once that is free', async () => {
      await place.putForeign('ada/engine');
      const target = place.newTarget('rename');
      const first = await target.ensureProject(wanted(12, 'ada/engine'), null, signal);
      expect(first).toMatchObject({ how: 'created', project: { path: place.pathOf('ada/engine+12') } });
      const before = await place.list();
      const known = first.project.id;
      for (const [again, id] of [
        [target, known],
        [place.newTarget('rename'), null],
      ] as const) {
        const found = await again.ensureProject(wanted(12, 'ada/engine', 'new words'), id, signal);
        expect(found).toEqual({ ...first, how: 'adopted' });
      }
      expect(await place.list()).toEqual(before);
      await place.removeForeign('ada/engine');
      expect(await target.ensureProject(wanted(12, 'ada/engine'), known, signal)).toMatchObject({
        movedFrom: place.pathOf('ada/engine+12'),
        project: { id: known, path: place.pathOf('ada/engine') },
      });
    });

    it('moves a mirror beside what is not ours when its repository gets that name', async () => {
      await place.putForeign('ada/engine');
      const target = place.newTarget('rename');
      const { project } = await target.ensureProject(wanted(12, 'ada/free'), null, signal);
      const moved = await target.ensureProject(wanted(12, 'ada/engine'), project.id, signal);
      expect(moved).toMatchObject({ movedFrom: project.path, project: { path: place.pathOf('ada/engine+12') } });
      expect(await target.ensureProject(wanted(12, 'ada/engine'), project.id, signal)).toMatchObject({
        movedFrom: null,
      });
    });

    it('takes over what is not ours once somebody says that nothing can be lost, and keeps what is written there', async () => {
      const dir = await place.putForeignRepository('ada/engine');
      const asked: GitRemote[] = [];
      const target = place.newTarget('use');
      const taken = await target.ensureProject(wanted(12, 'ada/engine', 'An engine'), null, signal, (remote) => {
        asked.push(remote);
        return Promise.resolve(null);
      });
      expect(taken).toMatchObject({ how: 'adopted', movedFrom: null, project: { path: place.pathOf('ada/engine') } });
      expect(await place.bareDirOf(taken.project)).toBe(dir);
      expect(asked).toHaveLength(1);
      expect(await git(dir, ['ls-remote', '--refs', '.'])).toBe('');
      for (const again of [target, place.newTarget('use'), place.newTarget('rename')]) {
        const found = await again.ensureProject(wanted(12, 'ada/engine', 'Another text'), null, signal);
        expect(found.project).toEqual(taken.project);
        expect(await place.descriptionOf(taken.project)).toContain('Somebody wrote this.');
      }
      const renamed = await target.ensureProject(wanted(12, 'ada/machine'), taken.project.id, signal);
      expect(renamed.project.path).toBe(place.pathOf('ada/machine'));
      expect(await place.descriptionOf(renamed.project)).toContain('Somebody wrote this.');
    });

    it('never removes what was somebody’s before it was taken over', async () => {
      await place.putForeignRepository('ada/engine');
      const target = place.newTarget('use');
      const { project } = await target.ensureProject(wanted(12, 'ada/engine'), null, signal, nothing);
      const before = await place.list();
      for (const one of [target, place.newTarget('rename')]) {
        expect(await codeOf(one.removeProject(12, project.id, signal))).toBe('target-project-in-use');
      }
      expect(await place.list()).toEqual(before);
    });

    it('leaves alone what somebody would lose something of, and what nobody looked at', async () => {
      await place.putForeignRepository('ada/engine');
      const target = place.newTarget('use');
      const before = await place.list();
      const refuse = () => Promise.resolve('it has commits of its own');
      const refused = target.ensureProject(wanted(12, 'ada/engine'), null, signal, refuse);
      await expect(refused).rejects.toMatchObject({ code: 'target-name-clash' });
      await expect(refused).rejects.toThrow(/it has commits of its own/);
      expect(await codeOf(target.ensureProject(wanted(12, 'ada/engine'), null, signal))).toBe('target-name-clash');
      // It has a mirror already, which cannot become two.
      const { project } = await target.ensureProject(wanted(12, 'ada/free'), null, signal);
      const second = target.ensureProject(wanted(12, 'ada/engine'), project.id, signal, nothing);
      expect(await codeOf(second)).toBe('target-name-clash');
      expect(await place.list()).toEqual([...before, place.pathOf('ada/free')].sort());
    });

    it('takes nothing over by another strategy', async () => {
      await place.putForeignRepository('ada/engine');
      const beside = place.newTarget('rename').ensureProject(wanted(12, 'ada/engine'), null, signal, nothing);
      expect((await beside).project.path).toBe(place.pathOf('ada/engine+12'));
      const failing = place.newTarget('fail').ensureProject(wanted(13, 'ada/engine'), null, signal, nothing);
      expect(await codeOf(failing)).toBe('target-name-clash');
    });
  });
}
