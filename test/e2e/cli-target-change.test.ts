/** @file Whoever changes where mirrors go finds all of them there, and the old ones where they were. */
import { sentenceText } from '../../src-preload/contract/sentence.ts';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTips } from '../playground/repositories/index.ts';
import { ProgramClient } from '../support/program-client.ts';
import { Served } from '../support/served.ts';
import { type Installation, Stage } from '../support/stage.ts';
import { waitUntil } from '../support/wait.ts';

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

  test('counts nothing as safe before it is there', async () => {
    const { github } = stage;
    const place = join(installation.dir, 'c');
    await mkdir(place);
    const fault = github.faults.add({ match: ({ kind }) => kind === 'git', kind: 'status', status: 403 });
    const served = await Served.start(installation, folder('c'));
    const window = await ProgramClient.connect(served);
    const state = async () => sentenceText((await window.call('overview.get', {})).state.sentence, String);
    await waitUntil('every job to have failed once', async () => {
      const { jobs } = (await window.call('overview.get', {})).totals;
      return jobs.waiting === 3;
    });
    expect(await state()).toBe('0 of 3 stars are safe');
    expect(fault.hits).toBeGreaterThan(0);
    fault.remove();
    await window.call('mirror.retryFailed', {});
    await served.mirrored(3);
    await waitUntil('all to be safe', async () => (await state()) === 'All 3 stars are safe');
    window.close();
    await served.program.stop();
    await expectAllIn('c');
  });
});
