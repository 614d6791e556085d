/** @file Full disks, here and where the mirrors are: all pauses with a clear word, nothing is lost, work goes on by itself. */
import { describe, expect, it } from 'vitest';
import { canMount, playScene } from '../support/small-disk.ts';

const module = new URL('full-disk/scenes.ts', import.meta.url);

describe.skipIf(!canMount())('a disk that is full', { timeout: 120_000 }, () => {
  it.each(['fillsHere', 'fillsInSteps'])(
    'here, in the middle of a fetch (%s): nothing of it is left, nothing else is begun, and it goes on by itself',
    async (scene) => {
      const seen = await playScene(module, scene);
      expect(seen).toMatchObject({
        caught: {
          job: { state: 'waiting', waitReason: 'disk', attempt: 0, code: 'disk-full' },
          troubles: [{ code: 'disk-full', untilMinutes: 5 }],
        },
        left: [],
        meanwhile: { state: 'queued', attempt: 0 },
        after: { big: true, small: true, troubles: [] },
      });
      expect(seen).toHaveProperty(
        'caught.job.message',
        expect.stringMatching(/^The disk is full\. large\/\S+ did not fit; \S+\/data /),
      );
      expect(seen).toHaveProperty('free', expect.any(Number));
    },
  );

  it('here, to the last byte: the look says so, and all that came meanwhile is mirrored afterwards', async () => {
    expect(await playScene(module, 'fullToTheBrim')).toMatchObject({
      look: 'disk-full',
      during: [{ code: 'disk-full', message: expect.stringContaining('epicstar.db cannot be written') }],
      after: { isNewTipThere: true, big: true, troubles: [] },
    });
  });

  it('here, and that is known beforehand: nothing is fetched, both figures are told', async () => {
    const seen = await playScene(module, 'tooLittleHere');
    expect(seen).toMatchObject({
      caught: {
        job: { state: 'waiting', data: { concernsOne: false } },
        troubles: [{ message: expect.stringMatching(/ needs about 257 MB; 200 MB are free in \S+\/data\.$/) }],
        fetched: 0,
      },
      after: { big: true, troubles: [] },
    });
  });

  it('in a folder of mirrors, and that is known beforehand: nothing is pushed, the folder and both figures are told', async () => {
    expect(await playScene(module, 'tooLittleInFolder')).toMatchObject({
      caught: {
        job: { state: 'waiting', waitReason: 'disk', attempt: 0, code: 'target-disk-full' },
        troubles: [{ message: expect.stringMatching(/ needs about 26\d MB; 200 MB are free in \S+\/mirrors\.$/) }],
      },
      refs: {},
      after: { big: true, troubles: [] },
    });
  });

  it('at OneDev, in the middle of a push: each try in vain doubles the wait, and one with room ends it', async () => {
    expect(await playScene(module, 'fillsAtOnedev')).toMatchObject({
      caught: {
        job: { state: 'waiting', waitReason: 'disk', attempt: 0, code: 'target-disk-full' },
        troubles: [{ untilMinutes: 5, message: expect.stringContaining('does not tell how much is free') }],
      },
      waits: [10, 20, 40],
      pushes: 4,
      after: { big: true, troubles: [] },
    });
  });

  it('under the log: it is said once, little is held, and the log goes on', async () => {
    const seen = await playScene(module, 'fullLog');
    expect(seen).toMatchObject({
      told: [
        expect.stringContaining('cannot be written'),
        expect.stringMatching(/^The log file is written again; 9\d\d\d lines are not in it\.$/m),
      ],
      hasFirst: true,
      hasLast: true,
    });
    expect(seen).toHaveProperty(
      'heldBytes',
      expect.toSatisfy((bytes: number) => bytes < 100_000),
    );
  });
});
