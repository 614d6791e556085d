/** @file A mirror saved as a bundle by the desktop program, from an engine in another process, with its hardening on. */
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readTips, runGit } from '../playground/repositories/index.ts';
import { Served } from '../support/served.ts';
import { Stage } from '../support/stage.ts';
import { waitUntil } from '../support/wait.ts';
import { type Desktop, DesktopBench, refusal } from './desktop-bench.ts';

describe('a bundle', () => {
  let bench: DesktopBench;
  let stage: Stage;
  let desktop: Desktop;

  beforeAll(async () => {
    if (refusal !== null) return;
    [bench, stage] = await Promise.all([DesktopBench.open(), Stage.start(1)]);
    const engine = await Served.start(await stage.install());
    await engine.mirrored(1);
    desktop = await bench.launch(await bench.makeHome(), engine);
  });
  beforeEach(({ skip }) => {
    if (refusal !== null) skip(refusal);
  });
  afterAll(async () => {
    await bench?.close();
    await stage?.close();
  });

  test('is saved where the person says, whole, and other downloads stay refused', async () => {
    const page = await desktop.window();
    const { fullName, bareDir, id } = stage.star(0);
    const file = join(bench.dir, 'saved.bundle');
    // In place of the system's question where to.
    await desktop.app.evaluate(({ session }, path) => {
      session.defaultSession.on('will-download', (event, item) => {
        if (!event.defaultPrevented) item.setSavePath(path);
      });
    }, file);
    await page.evaluate((to) => {
      window.location.hash = to;
    }, `#/repositories/${id}`);
    await page.getByRole('button', { name: `Download as bundle: ${fullName}` }).click();
    await page.getByRole('button', { name: 'Make the bundle' }).click();
    await page.getByText('the download has begun').waitFor();
    const clone = join(bench.dir, 'clone.git');
    await waitUntil('the file to be whole', () =>
      runGit(bench.dir, ['clone', '--quiet', '--mirror', file, clone]).then(
        () => true,
        () => false,
      ),
    );
    expect(await readTips(clone)).toEqual(await readTips(bareDir));
    const { warnings } = await desktop.observe();
    expect(warnings.filter((warning) => warning.includes('download'))).toEqual([]);
    await page.evaluate(() => {
      const link = document.createElement('a');
      link.href = '/index.html';
      link.download = 'page.html';
      link.click();
    });
    await waitUntil('the refusal', async () =>
      (await desktop.observe()).warnings.some((warning) => warning.startsWith('a download was refused')),
    );
  });
});
