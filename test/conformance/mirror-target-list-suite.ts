/** @file What every place for mirrors promises of the list of what it holds. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MirrorTarget } from '../../src-main/engine/ports/mirror-target.ts';
import type { Place } from './mirror-target-places.ts';
import { codeOf, wanted } from './mirror-target-words.ts';

const signal = new AbortController().signal;

export function describeHeldMirrors(kind: MirrorTarget['kind'], makePlace: () => Promise<Place>): void {
  describe(`what a ${kind} target holds`, () => {
    let place: Place;

    beforeEach(async () => {
      place = await makePlace();
      await place.target.ensureProject(wanted(999, 'zoe/first'), null, signal);
    });

    afterEach(async () => {
      await place.close();
    });

    const listed = async () => place.newTarget().list(signal);

    it('is every mirror with all that is written on it, and nothing else', async () => {
      const { project } = await place.target.ensureProject(wanted(12, 'ada/engine', 'An <b>engine</b>'), null, signal);
      await place.putForeign('ada/own');
      const before = await place.list();
      const { mirrors, unreadable } = await listed();
      expect(mirrors.map(({ githubId }) => githubId)).toEqual([12, 999]);
      expect(mirrors[0]).toEqual({
        githubId: 12,
        fullName: 'ada/engine',
        description: expect.stringMatching(/^An [<‹]b>engine[<‹]\/b>$/) as string,
        htmlUrl: 'https://github.com/ada/engine',
        isArchived: false,
        project,
        copies: [],
      });
      expect(mirrors[1]?.description).toBeNull();
      expect(unreadable).toEqual([]);
      expect(await place.list()).toEqual(before);
    });

    it('has a mirror that made way, and one that was moved by hand, where they stand', async () => {
      const old = await place.target.ensureProject(wanted(12, 'ada/engine'), null, signal);
      const moved = await place.target.ensureProject(wanted(13, 'ada/other'), null, signal);
      await place.target.ensureProject(wanted(14, 'ada/engine'), null, signal);
      await place.moveByHand(moved.project, 'elsewhere/thing');
      const { mirrors } = await listed();
      const pathOf = (id: number) => mirrors.find(({ githubId }) => githubId === id)?.project;
      expect(pathOf(12)).toMatchObject({ id: old.project.id, path: place.pathOf('ada/engine+12') });
      expect(pathOf(13)).toMatchObject({ id: moved.project.id, path: place.pathOf('elsewhere/thing') });
      expect(mirrors.find(({ githubId }) => githubId === 13)?.fullName).toBe('ada/other');
      expect(pathOf(14)?.path).toBe(place.pathOf('ada/engine'));
    });

    it('tells what stands in the archive', async () => {
      const { project } = await place.target.ensureProject(wanted(12, 'ada/engine'), null, signal);
      const archived = await place.target.archiveProject(wanted(12, 'ada/engine'), project.id, signal);
      const { mirrors } = await listed();
      expect(mirrors.map(({ githubId, isArchived }) => [githubId, isArchived])).toEqual([
        [12, true],
        [999, false],
      ]);
      expect(mirrors[0]).toMatchObject({ fullName: 'ada/engine', project: { path: archived?.path } });
    });

    it('names each once, more than fit on a page', async () => {
      const ids = Array.from({ length: 230 }, (_, index) => 1_000 + index);
      for (const id of ids) await place.target.ensureProject(wanted(id, `owner-${id % 7}/name-${id}`), null, signal);
      const { mirrors } = await listed();
      expect(mirrors.map(({ githubId }) => githubId)).toEqual([999, ...ids]);
    });

    it('ends where it is aborted', async () => {
      expect(await codeOf(place.newTarget().list(AbortSignal.abort()))).toBe('cancelled');
    });
  });
}
