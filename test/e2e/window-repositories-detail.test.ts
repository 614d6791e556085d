/** @file The details of one repository in a real browser, beside the list and in its place. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { EpicstarError } from '../../src-main/engine/core/engine-api.ts';
import { openRepositories, type StarsEngine, StarsBench } from '../support/stars-bench.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';

const everything = { text: '', state: null } as const;
const keptRef = {
  ref: 'refs/epicstar/kept/20261124T135500000Z/heads/main',
  origin: 'refs/heads/main',
  sha: 'a'.repeat(40),
  keptAt: Date.UTC(2026, 10, 24),
};

describe.skipIf(!hasBrowser)('the details of a repository', () => {
  const window = new WindowBrowser();
  let stars: StarsBench;
  let bench: WindowBench;
  let engine: StarsEngine;
  let page: Page;

  beforeAll(async () => {
    stars = await StarsBench.make(5_000);
    await window.open();
  }, 120_000);
  beforeEach(async () => {
    engine = await stars.open();
    bench = await window.startBench({ viewport: { width: 1_400, height: 900 } }, engine);
    ({ page } = bench);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  });
  afterEach(async () => {
    await window.endBench();
    await stars.end();
  });
  afterAll(async () => {
    await window.close();
    await stars.remove();
  });

  const details = (): Locator => page.locator('.detail');
  const section = (title: string): Locator => details().getByRole('region', { name: title });
  const press = (name: string | RegExp): Promise<void> => details().getByRole('button', { name }).first().click();
  const says = (text: string | RegExp): Promise<void> => details().getByText(text).first().waitFor();

  async function some(state: 'mirrored' | 'failed' | 'waiting' | 'excluded' | 'asks') {
    const { items } = await engine.store.repositories({ ...everything, state, order: 'name', offset: 0, limit: 1 });
    const { items: runs } = await engine.store.runs({
      githubId: null,
      outcome: 'done',
      since: null,
      offset: 0,
      limit: 200,
    });
    const mover = runs.find(({ report }) => report.moved.length > 0);
    const [row] =
      state === 'mirrored' && mover !== undefined ? await engine.store.repositoryRows([mover.githubId]) : items;
    if (row === undefined) throw new Error(`there is none that is ${state}`);
    return row.repository;
  }

  async function openDetails(state: Parameters<typeof some>[0]) {
    const repository = await some(state);
    await openRepositories(bench, `/${repository.githubId}`);
    await details().locator('.detail-facts').waitFor();
    return repository;
  }

  test('tell all about a mirrored one', async () => {
    engine.set({ keptRefs: [keptRef] });
    const { fullName, githubId, mirror } = await openDetails('mirrored');
    await says('It is safe in the mirror.');
    await says('Why it is mirrored: chosen by the rules.');
    await says(new RegExp(`Both ends compared .*: ${mirror?.refCount} refs the same, 1 ref left out`));
    const link = details().getByRole('link', { name: `github.com/${fullName}`, exact: true });
    expect(await link.getAttribute('href')).toBe(`https://github.com/${fullName}`);
    const mirrorLink = details().getByRole('link', { name: `onedev.example.org/github/${fullName}` });
    expect(await mirrorLink.getAttribute('href')).toBe(`https://onedev.example.org/github/${fullName}`);
    await press('Copy: Mirror');
    await says('Copied');
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(`https://onedev.example.org/github/${fullName}`);
    await section('Refs moved lately').getByText('refs/tags/v2.0.0').waitFor();
    await section('Refs left out').getByText('the name has a comma').waitFor();
    await section('History').getByText('refs: 1 new, 1 rewritten, 1 kept').waitFor();
    engine.keptRefsFailure = new EpicstarError('target-unavailable', 'It answered 502.');
    await details().getByText('Kept refs').click();
    await details().getByRole('alert').getByText('The mirror server does not answer. It answered 502.').waitFor();
    engine.keptRefsFailure = null;
    await press('Ask again');
    await says(keptRef.ref);
    await press(`Restore: ${keptRef.origin} at ${keptRef.sha.slice(0, 8)}`);
    await says('The branch epicstar-restored/20261124T135500000Z/heads/main is in the mirror now.');
    expect(engine.commands.at(-1)).toEqual({
      name: 'restoreKeptRef',
      argument: { githubId, keptRef: keptRef.ref },
    });
    await bench.shoot('repositories-detail-mirrored');
    expect(await bench.violations()).toEqual([]);
    engine.failNext(new EpicstarError('target-unavailable', 'It answered 502.'));
    await press('Verify now');
    await details().getByText('The mirror server does not answer.').waitFor();
    await press('Verify now');
    await says(githubId % 10 === 3 ? /differs in 1 ref/ : /Both ends are the same: 252 refs compared/);
  });

  test('tell a failure in full, and try again', async () => {
    const { githubId } = await openDetails('failed');
    await details().locator('.detail-error').waitFor();
    await says('It could not be mirrored.');
    await press('Try again');
    await says('Next in line: 1 repository.');
    expect(engine.commands).toEqual([{ name: 'mirrorNow', argument: [githubId] }]);
    await details().locator('.detail-state').getByText('Queued').waitFor();
    await details().locator('.detail-error').waitFor({ state: 'detached' });
  });

  test('say why one waits', async () => {
    await openDetails('waiting');
    await says(/It is tried again at \d\d:\d\d\./);
    await says('The connection of git broke.');
    expect(await details().getByRole('button', { name: 'Mirror now' }).count()).toBe(1);
  });

  test('let a person choose, and go back to the rules', async () => {
    await openDetails('excluded');
    await says('Left out by the rules: fork.');
    await press('Include');
    await says('You included it, whatever the rules say.');
    await press('Back to the rules');
    await says('Why it is mirrored: chosen by the rules.');
    await press('Exclude');
    await says('You excluded it, whatever the rules say.');
    await openDetails('asks');
    await says('The rules ask you: larger than 5 GB.');
    expect(await details().getByRole('button', { name: 'Mirror now' }).count()).toBe(0);
  });

  test('follow what happens, keep over a reload, and close by going back', async () => {
    await openRepositories(bench);
    await page.locator('.table-body .cell-link').nth(1).click();
    await details().locator('.detail-facts').waitFor();
    await page.locator('.table-body .cell-link').nth(3).click();
    const title = (await page.locator('.table-body .cell-link').nth(3).getAttribute('title')) ?? '';
    await page.getByRole('region', { name: `Details of ${title}` }).waitFor();
    await page.reload();
    await page.getByRole('region', { name: `Details of ${title}` }).waitFor();
    expect(await page.locator('.table-row[aria-current="true"] .cell-link').getAttribute('title')).toBe(title);
    await page.goBack();
    await details().waitFor({ state: 'detached' });
  });

  test('say when nothing of that number is known', async () => {
    await openRepositories(bench, '/77777777');
    await says('No repository of this number is known here.');
    expect(await bench.violations()).toEqual([]);
    await page.keyboard.press('Escape');
    await details().waitFor({ state: 'detached' });
  });

  test('take the place of the list where there is no room for both', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await openRepositories(bench);
    await page.locator('.table').evaluate((table) => table.scrollTo({ top: 2_000 }));
    const link = page.locator('.table-body .cell-link').nth(18);
    const title = (await link.getAttribute('title')) ?? '';
    await link.click();
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(title);
    expect(await page.getByRole('grid').count()).toBe(0);
    await press('Back to the list');
    await page.getByRole('grid').waitFor();
    const focusedName = (): Promise<string | null | undefined> =>
      page.evaluate(() => document.activeElement?.querySelector('.cell-link')?.getAttribute('title'));
    await expect.poll(focusedName).toBe(title);
    expect(await page.locator('.table').evaluate((table) => table.scrollTop)).toBeGreaterThan(1_000);
  });
});
