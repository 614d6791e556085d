/** @file Whoever changes where mirrors go finds all of them there, and the old ones where they were. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTips } from '../playground/repositories/index.ts';
import { type Installation, Stage } from '../support/stage.ts';

describe('another target on the same data', () => {
  let stage: Stage;
  let installation: Installation;

  beforeAll(async () => {
    stage = await Stage.start(3);
    installation = await stage.install();
  });
  afterAll(() => stage.close());

  const folder = (name: string) => ({ EPICSTAR_TARGET: 'folder', EPICSTAR_FOLDER: join(installation.dir, name) });
  const sync = async (change: Record<string, string>): Promise<unknown> => {
    const { exitCode, stdout } = await installation.run(['sync', '--json'], change);
    expect(exitCode, stdout).toBe(0);
    return JSON.parse(stdout);
  };
  const expectAllIn = async (name: string): Promise<void> => {
    for (const star of stage.stars) {
      const mirror = await readTips(join(installation.dir, name, `${star.fullName}.git`));
      expect(mirror, star.fullName).toEqual(await readTips(star.bareDir));
    }
  };

  test('gets every mirror, folder after folder, and OneDev after a folder', async () => {
    for (const name of ['a', 'b']) await mkdir(join(installation.dir, name));
    expect(await sync(folder('a'))).toMatchObject({ mirrored: 3, unchanged: 0 });
    expect(await sync(folder('b'))).toMatchObject({ mirrored: 3, unchanged: 0 });
    await expectAllIn('b');
    await expectAllIn('a');
    expect(await sync(folder('b'))).toMatchObject({ mirrored: 0, unchanged: 3, gitProcesses: 0 });
    expect(await sync({})).toMatchObject({ mirrored: 3, unchanged: 0 });
    for (const star of stage.stars) {
      expect(await installation.mirrorTips(star.fullName)).toEqual(await readTips(star.bareDir));
    }
  });
});
