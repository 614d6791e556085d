/** @file What every place for mirrors promises of mirrors that a person puts away, brings back or deletes. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MirrorTarget, TargetProject } from '../../src-main/engine/ports/mirror-target.ts';
import type { Place } from './mirror-target-places.ts';
import { codeOf, wanted } from './mirror-target-words.ts';

const signal = new AbortController().signal;

export function describeArchive(kind: MirrorTarget['kind'], makePlace: () => Promise<Place>): void {
  describe(`${kind} target: archive and deletion`, () => {
    let place: Place;

    beforeEach(async () => {
      place = await makePlace();
    });

    afterEach(async () => {
      await place.close();
    });

    const make = async (githubId: number, fullName: string): Promise<TargetProject> =>
      (await place.target.ensureProject(wanted(githubId, fullName), null, signal)).project;

    it('moves a mirror to the archive and back, as often as it is asked', async () => {
      const project = await make(12, 'ada/engine');
      const ask = wanted(12, 'ada/engine');
      for (const target of [place.target, place.newTarget(), place.target]) {
        const archived = await target.archiveProject(ask, project.id, signal);
        expect(archived).toMatchObject({ id: project.id, path: place.archivePathOf('ada/engine') });
        expect(await place.list()).not.toContain(place.pathOf('ada/engine'));
      }
      expect((await place.target.remote(project)).url).toContain('_archived/ada+engine');
      for (const target of [place.newTarget(), place.target]) {
        expect(await target.bringBackProject(ask, project.id, signal)).toEqual(project);
      }
      expect(await place.list()).not.toContain(place.archivePathOf('ada/engine'));
    });

    it('has room in the archive for all that ever had one name', async () => {
      const ask = wanted(1, 'ada/engine');
      const first = await make(1, 'ada/engine');
      await place.target.archiveProject(ask, first.id, signal);
      const second = await make(2, 'ada/engine');
      const beside = await place.target.archiveProject(wanted(2, 'ada/engine'), second.id, signal);
      expect(beside?.path).toContain('ada+engine+2');
      const third = await make(3, 'ada/engine');
      expect(third.path).toBe(place.pathOf('ada/engine'));
      // Nothing makes way for what is brought back.
      expect((await place.target.bringBackProject(ask, first.id, signal))?.path).toBe(place.pathOf('ada/engine+1'));
      expect(await place.target.whereIs(third, signal, 3)).toEqual(third);
    });

    it('brings a mirror back by itself when it is to be mirrored', async () => {
      const project = await make(12, 'ada/engine');
      await place.target.archiveProject(wanted(12, 'ada/engine'), project.id, signal);
      const again = await place.newTarget().ensureProject(wanted(12, 'ada/engine'), null, signal);
      expect(again).toMatchObject({ how: 'adopted', movedFrom: place.archivePathOf('ada/engine'), project });
    });

    it('keeps an owner of that name apart from the archive', async () => {
      const project = await make(12, 'ada/engine');
      await place.target.archiveProject(wanted(12, 'ada/engine'), project.id, signal);
      expect((await make(13, '_archived/engine')).path).not.toContain('/_archived/');
      expect((await make(13, '_archived/engine')).path.startsWith('_archived/')).toBe(false);
    });

    it('removes a mirror and nothing else', async () => {
      const project = await make(12, 'ada/engine');
      const other = await make(13, 'ada/other');
      expect(await place.newTarget().removeProject(12, project.id, signal)).toBe(true);
      expect(await place.list()).not.toContain(project.path);
      expect(await place.target.whereIs(other, signal, 13)).toEqual(other);
      expect(await place.target.removeProject(12, project.id, signal)).toBe(false);
      expect((await make(12, 'ada/engine')).path).toBe(project.path);
    });

    it('removes a mirror out of the archive', async () => {
      const project = await make(12, 'ada/engine');
      await place.target.archiveProject(wanted(12, 'ada/engine'), project.id, signal);
      expect(await place.target.removeProject(12, project.id, signal)).toBe(true);
      expect(await place.list()).not.toContain(place.archivePathOf('ada/engine'));
    });

    it('touches nothing that is not the mirror of this repository', async () => {
      const project = await make(12, 'ada/engine');
      const other = await make(13, 'ada/other');
      const before = await place.list();
      expect(await codeOf(place.target.removeProject(12, other.id, signal))).toBe('target-name-clash');
      expect(await codeOf(place.target.archiveProject(wanted(12, 'ada/engine'), other.id, signal))).toBe(
        'target-name-clash',
      );
      await place.forgetOrigin(project);
      const target = place.newTarget();
      const outcome = await target.removeProject(12, project.id, signal).catch((error: unknown) => error);
      // A place that knows mirrors by what is written in them finds none.
      expect(outcome === false || outcome instanceof Error).toBe(true);
      expect(await place.list()).toEqual(before);
      expect(await place.target.archiveProject(wanted(14, 'ada/gone'), '999999', signal)).toBeNull();
      expect(await place.target.removeProject(14, '999999', signal)).toBe(false);
    });
  });
}
