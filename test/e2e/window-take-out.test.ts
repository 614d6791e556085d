/** @file Mirrors taken out of the mirror server in a real browser: a bundle that is really saved, a push elsewhere. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { EpicstarError } from '../../src-main/engine/domain/errors.ts';
import { addCommit, createBare, runGit } from '../playground/repositories/index.ts';
import { makeRow, scriptedNow } from '../support/scripted-facts.ts';
import { playQuiet } from '../support/scripted-scenes.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';

const githubId = 2;
const fullName = 'ada/engine';
const fileName = 'ada-engine-20261124.bundle';
const secret = 'ghp_elsewhere0123456789';
const keptRef = 'refs/epicstar/kept/20261124T081530123Z/heads/main';

describe.skipIf(!hasBrowser)('taking a mirror out', () => {
  const browser = new WindowBrowser();
  let bench: WindowBench;

  beforeAll(() => browser.open());
  afterEach(async () => {
    expect(bench.complaints).toEqual([]);
    await browser.endBench();
  });
  afterAll(() => browser.close());

  async function open(options: Parameters<WindowBench['start']>[0] = {}): Promise<void> {
    bench = await browser.startBench({ acceptDownloads: true, ...options });
    await bench.page.clock.setFixedTime(scriptedNow);
    playQuiet(bench.engine, scriptedNow);
    const row = makeRow(githubId, fullName, `https://onedev.example.org/github/${fullName}`);
    const kept = { ref: keptRef, origin: 'refs/heads/main', sha: 'a'.repeat(40), keptAt: scriptedNow };
    bench.engine.set({ rows: [row], keptRefs: [kept] });
    bench.engine.keptCosts.set(githubId, { refs: 1, bytes: 12_300_000, measuredAt: scriptedNow });
    bench.engine.cloneUrl = `https://onedev.example.org/github/${fullName}`;
    await bench.open();
    await bench.page.goto(`${bench.web.host.url}#/repositories/${githubId}`);
    await bench.page.getByRole('button', { name: `Download as bundle: ${fullName}` }).waitFor();
  }

  const dialog = (name: string) => bench.page.getByRole('dialog', { name });
  const press = (name: string) => bench.page.getByRole('button', { name, exact: true }).click();

  async function realBundle(): Promise<string> {
    const dir = await bench.web.makeDir();
    const bare = join(dir, 'a.git');
    createBare(bare, 'main');
    await addCommit(bare, 'main', 'one');
    const file = join(dir, 'made.bundle');
    await runGit(bare, ['bundle', 'create', '--quiet', file, '--all']);
    return file;
  }

  test('a bundle is made, watched, saved whole, and put away', async () => {
    await open();
    await press(`Download as bundle: ${fullName}`);
    await bench.shoot('take-out-bundle');
    expect(await bench.violations()).toEqual([]);
    await dialog('Download as bundle').getByText('With the old tips').click();
    await press('Make the bundle');
    await dialog('Download as bundle').getByRole('progressbar').waitFor();
    const [id = ''] = [...bench.engine.handouts.keys()];
    expect(bench.engine.handouts.get(id)).toMatchObject({ githubId, withKept: true, kind: 'bundle' });
    bench.engine.changeHandout(id, {
      step: 'reading',
      git: { phase: 'receiving', done: 300, total: 1_200, bytes: 4_000_000 },
    });
    await bench.page.getByText('Reading the mirror, 300 of 1,200 objects').waitFor();
    await bench.shoot('take-out-bundle-progress');
    expect(await bench.violations()).toEqual([]);

    const file = await realBundle();
    const bytes = (await readFile(file)).length;
    bench.engine.bundleFiles.set(id, { path: file, fileName, bytes });
    const download = bench.page.waitForEvent('download');
    bench.engine.changeHandout(id, {
      state: 'done',
      step: null,
      git: null,
      bundle: { fileName, bytes, refs: 1, until: scriptedNow + 3_600_000 },
    });
    const saved = await download;
    expect(saved.suggestedFilename()).toBe(fileName);
    const dir = await bench.web.makeDir();
    await saved.saveAs(join(dir, fileName));
    await runGit(dir, ['clone', '--quiet', '--bare', join(dir, fileName), join(dir, 'clone.git')]);
    expect((await runGit(join(dir, 'clone.git'), ['cat-file', 'blob', 'main:more.txt'])).trim()).toBe('one');
    await bench.page.getByText(`git clone ${fileName}`).first().waitFor();
    await bench.shoot('take-out-bundle-made');
    expect(await bench.violations()).toEqual([]);
    // What has arrived is not kept.
    expect(bench.engine.bundleFiles.has(id)).toBe(false);
  });

  test('one that fails says why and can be tried again; cancel ends the work', async () => {
    await open({ colorScheme: 'dark' });
    await press(`Download as bundle: ${fullName}`);
    bench.engine.handoutFailure = new EpicstarError('config-invalid', 'ada/engine is not mirrored.');
    await press('Make the bundle');
    await bench.page.getByText('ada/engine is not mirrored.').waitFor();
    await press('Make the bundle');
    await dialog('Download as bundle').getByRole('progressbar').waitFor();
    const error = new EpicstarError('disk-full', 'ada/engine needs about 900 MB and 20 MB are free in /data.');
    bench.engine.changeHandout('handout-1', { state: 'failed', error: error.toRecord() });
    await bench.page.getByRole('alert').filter({ hasText: 'needs about 900 MB' }).waitFor();
    await bench.shoot('take-out-bundle-failed-dark');
    expect(await bench.violations()).toEqual([]);
    await press('Try again');
    await dialog('Download as bundle').getByRole('progressbar').waitFor();
    await press('Cancel');
    await dialog('Download as bundle').waitFor({ state: 'detached' });
    await expect.poll(() => bench.engine.handouts.get('handout-2')?.state).toBe('cancelled');
  });

  test('a push asks where to, sends the token once, and says what was refused', async () => {
    await open({ viewport: { width: 360, height: 800 } });
    await press(`Push to another remote: ${fullName}`);
    const form = dialog('Push to another remote');
    await press('Push');
    await form.getByText('Enter the address of the other repository.').waitFor();
    await form.getByLabel('Address').fill('https://git.example.org/me/engine.git');
    await form.getByLabel('User').fill('ada');
    await form.getByLabel('Token or password').fill(secret);
    await bench.shoot('take-out-push-360');
    expect(await bench.violations()).toEqual([]);
    await form.getByLabel('Token or password').press('Enter');
    await form.getByRole('progressbar').waitFor();
    expect(bench.engine.pushes).toEqual([
      { address: 'https://git.example.org/me/engine.git', user: 'ada', token: secret },
    ]);
    expect(await bench.page.content()).not.toContain(secret);
    bench.engine.changeHandout('handout-1', {
      state: 'done',
      push: {
        pushed: 0,
        unchanged: 3,
        isHeldBack: true,
        refused: [{ ref: 'refs/heads/main', reason: 'the branch there has commits that the mirror has not' }],
      },
    });
    await form.getByRole('alert').filter({ hasText: 'Nothing was pushed' }).waitFor();
    await form.getByText('the branch there has commits').waitFor();
    await bench.shoot('take-out-push-refused-360');
    expect(await bench.violations()).toEqual([]);
    // What was entered is at hand for another try, the token too.
    await press('Try again');
    await form.getByRole('progressbar').waitFor();
    expect(bench.engine.pushes.at(-1)).toMatchObject({ token: secret });
    bench.engine.changeHandout('handout-2', {
      state: 'done',
      push: { pushed: 12, unchanged: 3, isHeldBack: false, refused: [] },
    });
    await form.getByText('12 refs pushed, 3 were there already.').waitFor();
    await bench.shoot('take-out-push-done-360');
    await form.locator('.dialog-actions').getByRole('button', { name: 'Close' }).click();
    await form.waitFor({ state: 'detached' });
  });

  test('old tips tell what they cost, and the command that gets one back', async () => {
    await open({ permissions: ['clipboard-read', 'clipboard-write'] });
    await bench.page.getByText('Kept refs').click();
    await bench.page.getByText('They cost about 12.3 MB.').waitFor();
    await bench.page.getByRole('button', { name: /^Copy git command: refs\/heads\/main/ }).click();
    await bench.page.getByText('Copied', { exact: true }).waitFor();
    expect(await bench.page.evaluate(() => navigator.clipboard.readText())).toBe(
      `git fetch https://onedev.example.org/github/${fullName} ${keptRef}`,
    );
    await bench.shoot('take-out-kept');
    expect(await bench.violations()).toEqual([]);
  });
});
