/** @file The list of all repositories in a real browser, with ten thousand stars in a real store behind it. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { star } from '../support/facts.ts';
import { openRepositories, type StarsEngine, StarsBench } from '../support/stars-bench.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';

const everything = { text: '', state: null } as const;

describe.skipIf(!hasBrowser)('the list of repositories', () => {
  const window = new WindowBrowser();
  let stars: StarsBench;
  let bench: WindowBench;
  let engine: StarsEngine;
  let page: Page;

  beforeAll(async () => {
    stars = await StarsBench.make(10_000);
    await window.open();
  }, 120_000);
  beforeEach(async () => {
    engine = await stars.open();
    bench = await window.startBench({ viewport: { width: 1_400, height: 900 } }, engine);
    ({ page } = bench);
  });
  afterEach(async () => {
    await window.endBench();
    await stars.end();
  });
  afterAll(async () => {
    await window.close();
    await stars.remove();
  });

  const table = (): Locator => page.getByRole('grid', { name: 'Repositories' });
  /** By its place in the list, from 1. */
  const rowAt = (place: number, of = page): Locator => of.locator(`.table [aria-rowindex="${place + 1}"]`);
  const search = (): Locator => page.getByRole('textbox', { name: 'Search' });
  const nameIn = async (row: Locator): Promise<string> => (await row.locator('.cell-link').getAttribute('title')) ?? '';
  const says = (text: string | RegExp): Promise<void> => page.getByText(text).first().waitFor();
  const focused = (): Promise<string | null> =>
    page.evaluate(() => document.activeElement?.getAttribute('aria-rowindex') ?? null);
  const press = (name: string | RegExp): Promise<void> => page.getByRole('button', { name }).first().click();

  async function namesInOrder(order: 'name' | 'starred' | 'size', descending: boolean | null): Promise<string[]> {
    const { items } = await engine.store.repositories({ ...everything, order, descending, offset: 0, limit: 3 });
    return items.map(({ repository }) => repository.fullName);
  }

  async function expectFirst(names: readonly string[]): Promise<void> {
    await expect
      .poll(() => Promise.all([1, 2, 3].map((place) => nameIn(rowAt(place)))), { timeout: 5_000 })
      .toEqual(names);
  }

  test('sorts by the head of a column and by the list of orders', async () => {
    await openRepositories(bench);
    expect(await table().getAttribute('aria-rowcount')).toBe('10001');
    const head = (name: string): Locator => page.getByRole('columnheader', { name });
    await expectFirst(await namesInOrder('name', null));
    expect(await head('Name').getAttribute('aria-sort')).toBe('ascending');
    await press('Starred');
    await expectFirst(await namesInOrder('starred', true));
    expect(await head('Starred').getAttribute('aria-sort')).toBe('descending');
    expect(await head('Name').getAttribute('aria-sort')).toBe('none');
    await press('Starred');
    await expectFirst(await namesInOrder('starred', false));
    await page.getByRole('combobox', { name: 'Sort' }).selectOption('By size');
    await expectFirst(await namesInOrder('size', true));
    await press('Large ones first');
    await expectFirst(await namesInOrder('size', false));
  });

  test('filters by what there is, says what is in force, and keeps it over a reload', async () => {
    await openRepositories(bench);
    await press('Language');
    await page.getByRole('checkbox', { name: 'Rust' }).check();
    await page.keyboard.press('Escape');
    await press('State');
    const failed = page.locator('.choice-row').filter({ hasText: 'Failed' });
    const count = Number(await failed.locator('.choice-count').innerText());
    expect(count).toBeGreaterThan(0);
    await failed.getByRole('checkbox').check();
    await says(`${count} ${count === 1 ? 'repository matches' : 'repositories match'}`);
    await page.keyboard.press('Escape');
    await press('More');
    await page.getByLabel('Largest size').selectOption('1 GB or less');
    await page.keyboard.press('Escape');
    await search().fill('star number');
    const filter = { ...everything, text: 'star number', languages: ['rust'], states: ['failed' as const] };
    const wanted = await engine.store.repositoryIds({ ...filter, maxSizeKb: 976_563 });
    const told = `${wanted.length} ${wanted.length === 1 ? 'repository matches' : 'repositories match'}`;
    await says(told);
    await bench.shoot('repositories-filtered');
    await page.reload();
    await says(told);
    expect(await search().inputValue()).toBe('star number');
    const chips = page.getByRole('list', { name: 'Filters in force' }).getByRole('button');
    expect(await chips.allInnerTexts()).toEqual(
      ['Failed', 'Rust', '1 GB or less'].map((text) => expect.stringContaining(text)),
    );
    await chips.filter({ hasText: 'Rust' }).click();
    const left = await engine.store.repositoryIds({ ...filter, languages: null, maxSizeKb: 976_563 });
    await says(`${left.length} repositories match`);
    await press('Clear all');
    await says('10,000 repositories');
    expect(await search().inputValue()).toBe('');
  });

  test('shows the newest answer, whatever the order they come in', async () => {
    await openRepositories(bench);
    const release = engine.holdSearch('parser-1');
    await search().fill('parser-1');
    await search().fill('parser-10');
    const { total } = await engine.store.repositories({
      ...everything,
      text: 'parser-10',
      order: 'name',
      offset: 0,
      limit: 1,
    });
    await says(`${total} repositories match`);
    release();
    await search().fill('parser-100');
    await search().fill('parser-10');
    await says(`${total} repositories match`);
    expect(await nameIn(rowAt(1))).toContain('parser-10');
  });

  test('is used by keyboard alone', async () => {
    await openRepositories(bench);
    await page.keyboard.press('/');
    await page.keyboard.type('acme');
    const all = await engine.store.repositoryIds({ ...everything, text: 'acme' });
    await says(`${all.length} repositories match`);
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('2');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('4');
    await page.keyboard.press('Space');
    await says('1 selected');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await says('3 selected');
    await page.keyboard.press('Shift+ArrowUp');
    await says('2 selected');
    expect(await rowAt(4).getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('Control+a');
    await says(`${all.length} selected`);
    await page.keyboard.press('Escape');
    await page.getByRole('region', { name: 'Selection' }).waitFor({ state: 'detached' });
    await page.keyboard.press('End');
    await expect.poll(focused).toBe(String(all.length + 1));
    await page.keyboard.press('PageUp');
    await page.keyboard.press('Home');
    await expect.poll(focused).toBe('2');
    const name = await nameIn(rowAt(1));
    await page.keyboard.press('Enter');
    const details = page.getByRole('region', { name: `Details of ${name}` });
    await details.waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(name);
    await page.keyboard.press('Escape');
    await details.waitFor({ state: 'detached' });
    await expect.poll(focused).toBe('2');
    await page.keyboard.press('Control+f');
    expect(await search().evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.press('Escape');
    await says('10,000 repositories');
  });

  test('selects a range far beyond what was read', async () => {
    await openRepositories(bench);
    await rowAt(2).getByRole('checkbox').check();
    await table().evaluate((element) => element.scrollTo({ top: 300_000 }));
    await page.locator('.table-row-empty').first().waitFor({ state: 'detached' });
    const place = 5_780;
    await rowAt(place).click({ modifiers: ['Shift'] });
    await says(`${(place - 1).toLocaleString('en')} selected`);
    await press('Mirror now');
    const dialog = page.getByRole('dialog', { name: /^Mirror now: / });
    await dialog.waitFor();
    await bench.shoot('repositories-confirm');
    await dialog.getByRole('button', { name: 'Not now' }).click();
    expect(engine.commands).toEqual([]);
  });

  test('chooses for one, for many and for all, and asks above twenty', async () => {
    await openRepositories(bench);
    const ids = await engine.store.repositories({ ...everything, order: 'name', offset: 0, limit: 2 });
    await rowAt(1).getByRole('checkbox').check();
    await rowAt(2).click({ modifiers: ['Control'] });
    await press('Actions');
    await page.getByRole('menuitem', { name: 'Exclude' }).click();
    await says('2 repositories excluded. What is mirrored already stays.');
    const excluded = ids.items.map(({ repository }) => repository.githubId);
    expect(engine.commands).toEqual([{ name: 'choose', argument: { githubIds: excluded, choice: 'exclude' } }]);
    await press('Select none');
    await search().fill('quietfox');
    await page.getByRole('checkbox', { name: 'Select all that match' }).click();
    const all = await engine.store.repositoryIds({ ...everything, text: 'quietfox' });
    await press('Actions');
    await page.getByRole('menuitem', { name: 'Include' }).click();
    await press(`Include (${all.length})`);
    await says(`${all.length} repositories included.`);
    expect(engine.commands.at(-1)).toEqual({ name: 'choose', argument: { githubIds: all, choice: 'include' } });
  });

  test('tries again only those that failed', async () => {
    await openRepositories(bench);
    await press('State');
    await page.getByRole('checkbox', { name: 'Failed' }).check();
    await page.getByRole('checkbox', { name: 'Queued' }).check();
    await page.keyboard.press('Escape');
    await page.getByRole('checkbox', { name: 'Select all that match' }).click();
    await press('Actions');
    await page.getByRole('menuitem', { name: 'Retry those that failed' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Retry/ })
      .click();
    await says('Trying 30 repositories again.');
    const failed = engine.commands.at(-1);
    expect(failed).toMatchObject({ name: 'mirrorNow' });
    expect(failed?.argument).toHaveLength(30);
    await says('150 repositories match');
    await expect.poll(() => page.locator('.table').getByText('Failed').count()).toBe(0);
  });

  test('compares what is selected, shows what is not as it should be, and stops when it is told to', async () => {
    await openRepositories(bench);
    await search().fill('quietfox');
    await page.getByRole('checkbox', { name: 'Select all that match' }).click();
    const { items, total } = await engine.store.repositories({
      ...everything,
      text: 'quietfox',
      order: 'name',
      offset: 0,
      limit: 200,
    });
    await press('Verify');
    const begun = engine.nextCommand('beginComparing');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Verify/ })
      .click();
    expect((await begun).argument).toHaveLength(total);
    const first = items.find(({ repository }) => repository.mirror !== null)?.repository ?? expect.fail('no mirror');
    const at = Date.now();
    const differences = ['refs/heads/intruder is only in the mirror'];
    const proof = { result: 'differs', source: 'verify', at, refCount: 3, differences, error: null } as const;
    await engine.store.writeProof(first.githubId, proof, null);
    const counts = { same: 20, sameAsProven: 0, differs: 1, failed: 0, repaired: 0 };
    const round = { startedAt: at - 1_000, endedAt: null, total, state: 'running', counts, obstacle: null } as const;
    engine.set({ overview: { proof: { round, drill: null, lastDrill: null } } });
    await says(/^21 of \d+ mirrors compared: 20 the same, 1 with differences/);
    await page.getByRole('dialog').getByText('refs/heads/intruder is only in the mirror').waitFor();
    await bench.shoot('repositories-comparing');
    expect(await bench.violations()).toEqual([]);
    const ended = engine.nextCommand('endComparing');
    await press('Stop comparing');
    await ended;
    engine.set({
      overview: { proof: { round: { ...round, state: 'stopped', endedAt: at }, drill: null, lastDrill: null } },
    });
    await says(/Stopped\./);
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('keeps the place and the selection while rows change and come', async () => {
    await openRepositories(bench);
    await press('Starred');
    await page.locator('[aria-sort="descending"]').waitFor();
    await expectFirst(await namesInOrder('starred', true));
    await table().evaluate((element) => element.scrollTo({ top: 5_200 }));
    await rowAt(105).getByRole('checkbox').check();
    await rowAt(104).focus();
    const [before, y] = [await nameIn(rowAt(104)), (await rowAt(104).boundingBox())?.y];
    const comers = [1, 2, 3].map((number) =>
      star(Date.now() - number, { githubId: 900_000 + number, fullName: `new/comer-${number}` }),
    );
    await engine.store.observeStars(comers, Date.now(), () => 'new-star');
    engine.touchRepositories([900_001, 900_002, 900_003]);
    await says('10,003 repositories');
    await expect.poll(() => nameIn(rowAt(107))).toBe(before);
    expect((await rowAt(107).boundingBox())?.y).toBe(y);
    await expect.poll(focused).toBe('108');
    expect(await rowAt(108).getAttribute('aria-selected')).toBe('true');
    await says('1 selected');
    await page.keyboard.press('Home');
    await expect.poll(() => nameIn(rowAt(1))).toBe('new/comer-1');
    const id = 900_001;
    await engine.choose([id], 'exclude');
    await rowAt(1).getByText('Left out').waitFor();
  });

  test('goes on where it was when the engine comes back', async () => {
    await openRepositories(bench);
    await search().fill('river');
    await says(/repositories match/);
    await rowAt(2).getByRole('checkbox').check();
    const { port } = bench.web;
    await bench.web.stop();
    await says('epicstar does not answer.');
    expect(await page.getByRole('button', { name: 'Mirror now' }).getAttribute('aria-disabled')).toBe('true');
    await table().evaluate((element) => element.scrollTo({ top: 30_000 }));
    await bench.shoot('repositories-disconnected');
    expect(await bench.violations()).toEqual([]);
    await engine.store.observeStars(
      [star(Date.now(), { githubId: 900_001, fullName: 'aaa/river' })],
      Date.now(),
      () => null,
    );
    await bench.startHost({ port });
    const { length } = await engine.store.repositoryIds({ ...everything, text: 'river' });
    await says(`${length.toLocaleString('en')} repositories match`);
    await page.locator('.table-row-empty').first().waitFor({ state: 'detached' });
    await says('1 selected');
    await table().evaluate((element) => element.scrollTo({ top: 0 }));
    await expect.poll(() => nameIn(rowAt(3))).not.toBe('');
  });

  test('two windows show the same, each in its own way', async () => {
    await openRepositories(bench);
    const other = await page.context().newPage();
    await other.goto(`${bench.web.host.url}#/repositories`);
    await rowAt(1, other).waitFor();
    await search().fill('solar');
    await says(/repositories match/);
    await other.getByText('10,000 repositories').waitFor();
    const name = await nameIn(rowAt(1));
    const [id] = await engine.store.repositoryIds({ ...everything, text: name });
    await other.getByRole('textbox', { name: 'Search' }).fill(name);
    await other.getByText('1 repository matches').waitFor();
    await rowAt(1).getByRole('checkbox').check();
    await press('Actions');
    await page.getByRole('menuitem', { name: 'Exclude' }).click();
    await says('1 repository excluded.');
    expect(engine.commands).toEqual([{ name: 'choose', argument: { githubIds: [id], choice: 'exclude' } }]);
    await other.locator('.table-body .cell-link').first().click();
    await other.getByText('You excluded it, whatever the rules say.').waitFor();
  });
});
