/** @file The desktop program with its own engine, as it is built for people. A modern Electron alone can load it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readTips } from '../playground/repositories/index.ts';
import { processesThatName } from '../support/program.ts';
import { sentenceOf } from '../support/program-window.ts';
import { type Installation, Stage } from '../support/stage.ts';
import { waitUntil } from '../support/wait.ts';
import { DesktopBench } from './desktop-bench.ts';
import { modernRefusal } from './electron-runtime.ts';

const quitWithinMs = 10_000;

describe('the desktop program with its own engine', () => {
  let bench: DesktopBench;
  let stage: Stage;
  let installation: Installation;

  beforeAll(async () => {
    if (modernRefusal !== null) return;
    [bench, stage] = await Promise.all([DesktopBench.open(), Stage.start(3)]);
    installation = await stage.install();
  });
  beforeEach(({ skip }) => {
    if (modernRefusal !== null) skip(modernRefusal);
  });
  afterAll(async () => {
    await bench?.close();
    await stage?.close();
  });

  test('mirrors by itself, shows it, and ends', async () => {
    const home = await bench.makeHome();
    const desktop = await bench.launch(home, { environment: installation.environment() });
    await sentenceOf(await desktop.window(), 'All 3 stars are safe').waitFor();
    await desktop.tooltip(/^epicstar: All 3 stars are safe$/);
    for (const { fullName, bareDir } of stage.stars) {
      expect(await installation.mirrorTips(fullName)).toEqual(await readTips(bareDir));
    }
    expect(desktop.complaints).toEqual([]);
    await desktop.press('Quit epicstar');
    await desktop.ended;
    await waitUntil('all of its processes to be gone', () => processesThatName(home).length === 0);
  });

  test('ends within 10 s in the middle of a fetch, and leaves no git behind', async () => {
    const other = await stage.install();
    const home = await bench.makeHome();
    stage.github.faults.add({ path: `/${stage.star(0).fullName}.git/*`, kind: 'slow-git', bytesPerSecond: 1 });
    const start = bench.start(home, { environment: other.environment() }, ['--hidden']);
    const isGit = ({ commandLine }: { readonly commandLine: string }): boolean =>
      /\bgit\b.*\bfetch\b/.test(commandLine);
    await waitUntil('git to fetch', () => processesThatName(home).some(isGit));
    const startMs = performance.now();
    start.signal('SIGTERM');
    expect(await start.ended).toBe(0);
    expect(performance.now() - startMs).toBeLessThan(quitWithinMs);
    await waitUntil('all of its processes to be gone', () => processesThatName(home).length === 0);
  });
});
