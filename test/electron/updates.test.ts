/** @file What a desktop program that runs from its source says of updates, in window and tray, on a real Electron. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Served } from '../support/served.ts';
import { Stage } from '../support/stage.ts';
import { type Desktop, DesktopBench, refusal } from './desktop-bench.ts';

describe('updates of the desktop program', () => {
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

  test('are said to be none, and why, and nothing offers them', async () => {
    const page = await desktop.window();
    await desktop.press('Settings');
    const section = page.getByRole('region', { name: 'Updates' });
    await section.getByText(/^This epicstar runs from its source, not from a package\. Get newer source/).waitFor();
    expect(await section.getByRole('button').count()).toBe(0);
    expect(await section.getByRole('combobox').count()).toBe(0);
    expect((await desktop.menu()).filter((label) => /update|version/i.test(label))).toEqual([]);
    expect([(await desktop.observe()).warnings, desktop.complaints]).toEqual([[], []]);
  });
});
