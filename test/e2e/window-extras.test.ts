/** @file LFS files, wiki and submodules in the details of a repository, in a real browser. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { EpicstarError } from '../../src-main/engine/core/engine-api.ts';
import { noExtras } from '../../src-main/engine/domain/extras.ts';
import type { RepositoryExtras } from '../../src-main/engine/core/engine-extras-api.ts';
import { openRepositories, type StarsEngine, StarsBench } from '../support/stars-bench.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';

const checkedAt = Date.now() - 2 * 3_600_000;
const reason =
  '3 of 120 LFS files are not in the mirror: 2 upstream does not have (Object does not exist on the server); ' +
  '1 came damaged (what media.example.org sends has another checksum).';
const odd = `third_party/${'deep/'.repeat(30)}\u202Egnirts`;

const extras: RepositoryExtras = {
  lfs: { objects: 120, bytes: 1_234_567_890, missing: 3, reason, checkedAt },
  wiki: {
    kind: 'mirrored',
    projectId: '9',
    projectPath: 'github/facebook/react.wiki',
    projectUrl: 'https://onedev.example.org/github/facebook/react.wiki',
    refCount: 1,
    reason: null,
    checkedAt,
  },
  submodules: [
    { path: 'vendor/zlib', address: 'https://github.com/madler/zlib.git', fullName: 'madler/zlib', known: null },
    {
      path: 'vendor/vue',
      address: '../../vuejs/core.git',
      fullName: 'vuejs/core',
      known: { githubId: 11_730_342, state: 'mirrored' },
    },
    { path: 'vendor/gmp', address: 'https://ada:secret@gmplib.org/repo/gmp', fullName: null, known: null },
    { path: odd, address: 'javascript:alert(1)', fullName: null, known: null },
  ],
  submoduleCount: 240,
};

describe.skipIf(!hasBrowser)('LFS files, wiki and submodules', () => {
  const browser = new WindowBrowser();
  let stars: StarsBench;
  let engine: StarsEngine;
  let bench: WindowBench;
  let page: Page;
  let githubId: number;

  beforeAll(async () => {
    stars = await StarsBench.make(60);
    await browser.open();
  }, 120_000);
  beforeEach(async () => {
    engine = await stars.open();
    const [first, other] = await engine.store.repositoryIds({ text: '', state: 'mirrored' });
    if (first === undefined || other === undefined) throw new Error('nothing is mirrored');
    githubId = first;
    const known = { githubId: other, state: 'mirrored' as const };
    const submodules = extras.submodules.map((one) => (one.fullName === 'vuejs/core' ? { ...one, known } : one));
    await engine.store.writeExtras(githubId, { ...noExtras, lfs: extras.lfs }, []);
    engine.set({ extras: { ...extras, submodules } });
    bench = await browser.startBench({ viewport: { width: 1_400, height: 1_100 } }, engine);
    ({ page } = bench);
    await openRepositories(bench, `/${githubId}`);
    await details().locator('.submodules').waitFor();
  });
  afterEach(async () => {
    await browser.endBench();
    await stars.end();
  });
  afterAll(async () => {
    await browser.close();
    await stars.remove();
  });

  const details = (): Locator => page.locator('.detail');
  const part = (label: string): Locator =>
    details()
      .locator('.detail-fact')
      .filter({ has: page.locator('dt', { hasText: label }) });
  const module = (path: string): Locator => details().locator('.submodules li').filter({ hasText: path });

  test('are told with what is missing and where they are', async () => {
    expect(await part('LFS files').innerText()).toContain('120 files, 1.2 GB.');
    expect(await part('LFS files').innerText()).toContain(reason);
    const wiki = part('Wiki').getByRole('link');
    expect(await wiki.getAttribute('href')).toBe('https://onedev.example.org/github/facebook/react.wiki');
    await details().getByText('incomplete', { exact: true }).waitFor();
    await details().getByText('and 236 others').waitFor();
    const known = module('vendor/vue').getByRole('link', { name: 'vuejs/core' });
    expect(await known.getAttribute('href')).toMatch(/#\/repositories\/\d+$/);
    expect(await module('vendor/vue').innerText()).toContain('mirrored');
    const upstream = module('vendor/zlib').getByRole('link', { name: 'madler/zlib' });
    expect(await upstream.getAttribute('href')).toBe('https://github.com/madler/zlib');
    // What strangers wrote is text alone.
    expect(await module('vendor/gmp').innerText()).toContain('https://gmplib.org/repo/gmp');
    expect(await details().innerText()).not.toContain('secret');
    expect(await details().locator('a[href^="javascript"]').count()).toBe(0);
    expect(await details().locator('.submodules').innerText()).not.toContain('\u202E');
  });

  test('a submodule gets a star by a press, and what GitHub says against it is told', async () => {
    const button = details().getByRole('button', { name: 'Star and mirror: madler/zlib' });
    await button.click();
    await details().getByText('madler/zlib has your star. The next look at the stars finds it.').waitFor();
    expect(engine.commands).toContainEqual({ name: 'starSubmodule', argument: { githubId, fullName: 'madler/zlib' } });
    engine.failNext(new EpicstarError('github-scope-missing', 'It needs "starring=write".'));
    await button.click();
    await details()
      .getByText(/The GitHub token may not do this\. It needs "starring=write"\./)
      .waitFor();
  });

  test('nothing is shown where there is nothing, and a wiki that is not there is told', async () => {
    engine.set({ extras: { lfs: null, wiki: null, submodules: [], submoduleCount: 0 } });
    engine.touchRepositories([githubId]);
    await details().locator('.submodules').waitFor({ state: 'detached' });
    expect(await details().getByText('LFS files').count()).toBe(0);
    const { wiki } = extras;
    if (wiki === null) throw new Error('no wiki');
    const none = { ...wiki, kind: 'absent' as const, projectId: null, projectPath: null, projectUrl: null };
    engine.set({ extras: { lfs: null, wiki: none, submodules: [], submoduleCount: 0 } });
    engine.touchRepositories([githubId]);
    await part('Wiki').getByText('GitHub has none.').waitFor();
  });

  test('what lacks something is found by a filter, and marked in the list', async () => {
    await openRepositories(bench, '');
    await page.getByRole('button', { name: /^More/ }).click();
    await page.getByLabel('LFS files and wiki').selectOption({ label: 'Incomplete only' });
    await page.getByText('1 repository matches').waitFor();
    await page.getByText('incomplete', { exact: true }).first().waitFor();
    expect(await page.getByRole('list', { name: 'Filters in force' }).innerText()).toContain('Incomplete only');
  });

  test.each([
    ['light', 1_400],
    ['dark', 1_400],
    ['light', 360],
  ] as const)('looks right and can be used by everybody: %s, %i px', async (colorScheme, width) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 1_100 });
    await details().locator('.submodules').scrollIntoViewIfNeeded();
    await bench.shoot(`extras-${colorScheme}-${width}`);
    expect(await bench.violations()).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  });
});
