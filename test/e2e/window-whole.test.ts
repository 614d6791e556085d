/** @file One repository about which there is everything to tell, in a real browser: what comes first, what is apart. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { EpicstarError, noProofs, type RepositoryRow } from '../../src-main/engine/core/engine-api.ts';
import { makeDrill, makeRow, scriptedNow } from '../support/scripted-facts.ts';
import { playQuiet } from '../support/scripted-scenes.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';

const hourMs = 3_600_000;
const githubId = 2;
const fullName = 'ada/engine';
const targetUrl = 'https://onedev.example.org';
const reason =
  '3 of 120 LFS files are not in the mirror: 3 upstream does not have (Object does not exist on the server).';

function everything(): RepositoryRow {
  const row = makeRow(githubId, fullName, `${targetUrl}/github/${fullName}`);
  const evidence = { fullName: null, isStarred: null, reason: null, noticeUrl: null };
  const [firstAt, lastAt] = [scriptedNow - 26 * hourMs, scriptedNow - hourMs];
  const last = { result: 'same', source: 'run', at: lastAt, refCount: 252, differences: [], error: null } as const;
  return {
    ...row,
    repository: {
      ...row.repository,
      absentSince: firstAt,
      verdict: { kind: 'gone', evidence, firstAt, lastAt, confirmedAt: lastAt },
    },
    buildRefs: 3,
    lists: ['To read', 'Engines'],
    proofs: {
      ...noProofs,
      last,
      proven: { at: lastAt, refCount: 252, digest: 'abc' },
      difference: { at: firstAt, differences: ['refs/heads/main differs'], repairedAt: lastAt },
      drill: makeDrill({ result: 'damaged', findings: ['missing blob 4b825dc642cb6eb9a060e54bf8d69288fbee4904'] }),
    },
  };
}

const extras = {
  lfs: { objects: 120, bytes: 1_234_567_890, missing: 3, reason, checkedAt: scriptedNow - 2 * hourMs },
  wiki: {
    kind: 'mirrored',
    projectId: '9',
    projectPath: `github/${fullName}.wiki`,
    projectUrl: `${targetUrl}/github/${fullName}.wiki`,
    refCount: 1,
    reason: null,
    checkedAt: scriptedNow - 2 * hourMs,
  },
  submodules: [
    { path: 'vendor/zlib', address: 'https://github.com/madler/zlib.git', fullName: 'madler/zlib', known: null },
  ],
  submoduleCount: 1,
} as const;

describe.skipIf(!hasBrowser)('all that is told of one repository', () => {
  const browser = new WindowBrowser();
  let bench: WindowBench;

  beforeAll(() => browser.open());
  afterEach(async () => {
    expect(bench.complaints).toEqual([]);
    await browser.endBench();
  });
  afterAll(() => browser.close());

  async function open(options: Parameters<WindowBench['start']>[0] = {}): Promise<void> {
    bench = await browser.startBench(options);
    const { page, engine } = bench;
    await page.clock.setFixedTime(scriptedNow);
    playQuiet(engine, scriptedNow);
    const kept = {
      ref: 'refs/epicstar/kept/20261124T081530123Z/heads/main',
      origin: 'refs/heads/main',
      sha: 'a'.repeat(40),
      keptAt: scriptedNow,
    };
    engine.set({ rows: [everything(), makeRow(3, 'bob/kite', null)], keptRefs: [kept], extras });
    await bench.open();
    await show(`/repositories/${githubId}`);
    await page.getByRole('button', { name: 'Delete the mirror' }).waitFor();
    await page.getByText('Kept refs').click();
    await page.getByRole('button', { name: /^Restore/ }).waitFor();
  }

  async function show(place: string): Promise<void> {
    await bench.page.evaluate((hash) => {
      window.location.hash = hash;
    }, place);
  }

  const button = (name: string | RegExp) => bench.page.getByRole('button', { name });

  test.each([
    ['light', { viewport: { width: 1_100, height: 2_000 } }],
    ['dark', { viewport: { width: 1_100, height: 2_000 }, colorScheme: 'dark' }],
    ['360', { viewport: { width: 360, height: 800 } }],
  ] as const)('has nothing cut off and what deletes at the end: %s', async (name, options) => {
    await open(options);
    await bench.shoot(`whole-${name}`);
    expect(await bench.violations()).toEqual([]);
    expect(await bench.overflow()).toBe(0);
    // The cache was dropped: nobody can tell.
    await bench.page.getByText('What they cost is not known: the cache here does not hold them.').waitFor();
    const names = await bench.page.locator('.detail button').allInnerTexts();
    expect(names.indexOf('Delete the mirror')).toBe(names.length - 1);
  });

  test('with many, what deletes is below a line', async () => {
    await open();
    const { page } = bench;
    await show('/repositories');
    await page.getByRole('checkbox', { name: /bob\/kite/ }).check();
    await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Actions' }).click();
    const items = page.getByRole('menu').getByRole('menuitem');
    expect((await items.allInnerTexts()).at(-1)).toBe('Delete the mirror');
    await bench.shoot('whole-selection', 'seen');
    expect(await bench.violations()).toEqual([]);
  });

  test('a push that was left by changing the page is shown again, with its end', async () => {
    await open();
    const { page, engine } = bench;
    await button(/^Push to another remote/).click();
    const dialog = page.getByRole('dialog', { name: 'Push to another remote' });
    await dialog.getByLabel('Address').fill('https://git.example.org/me/engine.git');
    await dialog.getByLabel('Address').press('Enter');
    await dialog.getByRole('progressbar').waitFor();
    await show('/history');
    await dialog.waitFor({ state: 'detached' });
    await show(`/repositories/${githubId}`);
    await button('Show it: A push to another remote is under way.').click();
    await dialog.getByRole('progressbar').waitFor();
    await show('/history');
    const error = new EpicstarError('git-network', 'It broke.', { nextStep: 'Try it again later.' });
    engine.changeHandout('handout-1', { state: 'failed', error: error.toRecord() });
    await show(`/repositories/${githubId}`);
    await button('Show it: A push to another remote failed.').click();
    await dialog.getByRole('alert').filter({ hasText: 'Try it again later.' }).waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => engine.handouts.size).toBe(0);
    await button(/^Show it/).waitFor({ state: 'detached' });
  });
});
