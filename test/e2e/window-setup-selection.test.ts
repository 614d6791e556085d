/** @file The wizard in a real browser: choosing what to mirror. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { EpicstarError, type Overview } from '../../src-main/engine/core/engine-api.ts';
import { defaultSelectionRules, type SelectionRules } from '../../src-main/engine/domain/selection.ts';
import { errorRecord, makeOverview, makeRow, makeTotals } from '../support/scripted-facts.ts';
import { makePreview, makeSetupState } from '../support/scripted-setup.ts';
import { atSelection, openWizard } from '../support/setup-scenes.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';

describe.skipIf(!hasBrowser)('choosing what to mirror in the wizard', () => {
  const window = new WindowBrowser();
  let bench: WindowBench;

  beforeAll(() => window.open());
  afterEach(() => window.endBench());
  afterAll(() => window.close());

  async function start(state = atSelection(), path: string | null = null): Promise<WindowBench> {
    bench = await window.startBench();
    await openWizard(bench, state, path);
    await bench.page.getByText('To mirror', { exact: true }).waitFor();
    return bench;
  }

  /** The rules that were asked about last. */
  function lastAsked(): unknown {
    return bench.setup.commands.filter(({ name }) => name === 'previewSelection').at(-1)?.argument;
  }

  async function expectAsked(change: Partial<SelectionRules>): Promise<void> {
    await expect.poll(lastAsked).toEqual({ ...defaultSelectionRules, ...change });
  }

  test('counts while the stars are read', async () => {
    const watcher: Overview['watcher'] = {
      ...makeOverview().watcher,
      isLooking: true,
      lastFullWalkAt: null,
      walk: { page: 3, pages: 12 },
    };
    bench = await window.startBench();
    const { page, engine, setup } = bench;
    engine.set({ overview: { watcher, totals: makeTotals({ starred: 300 }) } });
    setup.prepare({ preview: makePreview({ repositories: 300, mirror: { count: 290, sizeKb: 2_000_000 } }) });
    await openWizard(bench, atSelection());
    await page.getByText('Reading your stars: 300 stars so far, page 3 of 12').waitFor();
    const progress = page.getByRole('progressbar', { name: 'Reading your stars' });
    expect(await progress.getAttribute('aria-valuenow')).toBe('25');
    await page.getByRole('button', { name: 'Start mirroring 290 repositories' }).waitFor();
    setup.prepare({ preview: makePreview() });
    engine.set({ overview: { watcher: makeOverview().watcher, totals: makeTotals({ starred: 1_204 }) } });
    await page.getByRole('button', { name: 'Start mirroring 1,180 repositories' }).waitFor();
    expect(await progress.count()).toBe(0);
    const error = errorRecord('github-rate-limited');
    engine.set({ overview: { watcher: { ...makeOverview().watcher, lastFullWalkAt: null, error } } });
    await page.getByRole('alert').getByText(error.message).waitFor();
  });

  test('tells what the rules come to, and whether there is room', async () => {
    bench = await window.startBench();
    const { page, setup, engine } = bench;
    setup.prepare({ preview: makePreview({ freeBytesAtTarget: 30e9, freeBytesHere: 2e9 }) });
    await openWizard(bench, atSelection());
    const figures = page.getByRole('region', { name: 'What it comes to' });
    await figures.getByText('1,180').waitFor();
    expect((await figures.locator('dl').innerText()).split('\n').filter((line) => line !== '')).toEqual([
      'To mirror',
      '1,180',
      'about 42 GB',
      'Left out',
      '20',
      'about 922 MB',
      'Asked about',
      '4',
      'about 12.3 GB',
    ]);
    await figures.getByText('About 42 GB are to be mirrored, and 30 GB are free there.').waitFor();
    await figures.getByText('torvalds/linux takes about 5.5 GB while it is fetched').waitFor();
    setup.prepare({ preview: makePreview({ freeBytesAtTarget: null, freeBytesHere: 120e9 }) });
    engine.touchRepositories([1]);
    await figures.getByText('is not known. 120 GB are free on this computer').waitFor();
    expect(await figures.getByText('More than what is free').count()).toBe(0);
  });

  test('every rule is asked about exactly, and saved as it was shown', async () => {
    const { page, setup } = await start();
    await expectAsked({});
    await page.getByLabel('Forks').uncheck();
    await page.getByLabel('Archived repositories').uncheck();
    await page.getByLabel('Private repositories').uncheck();
    await page.getByLabel('Ask me above').selectOption({ label: '2 GB' });
    const plain = { forks: 'skip', archived: 'skip', privateOnes: 'skip', askAboveKb: 2_000_000 } as const;
    await expectAsked(plain);

    await page.getByText('Languages', { exact: true }).click();
    const only = page.getByRole('group', { name: 'Only these languages' });
    await only.getByRole('button', { name: 'Rust 200' }).click();
    const field = only.getByRole('textbox');
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.type('Zig');
    await page.keyboard.press('Enter');
    const never = page.getByRole('group', { name: 'Never these languages' });
    // What is named on one side leaves the other.
    await never.getByRole('textbox').fill('rust');
    await never.getByRole('button', { name: 'Add: Never these languages' }).click();
    await expectAsked({ ...plain, languages: { only: ['Zig'], never: ['rust'] } });
    await page.getByText('only Zig; never rust').waitFor();

    await page.getByText('Owners', { exact: true }).click();
    const owners = page.getByRole('group', { name: 'Never these owners' });
    await owners.getByRole('textbox').fill('micro');
    await owners.getByRole('button', { name: 'microsoft 40' }).click();
    await owners.getByRole('textbox').fill('torvalds');
    await page.keyboard.press('Enter');
    await owners.getByRole('button', { name: 'Remove microsoft' }).click();
    await page.getByText('Topics', { exact: true }).click();
    await page.getByRole('group', { name: 'Only these topics' }).getByRole('button', { name: 'cli 90' }).click();
    await page.getByText('GitHub Lists', { exact: true }).click();
    await page.getByRole('group', { name: 'Only these lists' }).getByRole('button', { name: 'Reading 12' }).click();
    await page.getByText('Names', { exact: true }).click();
    await page.getByLabel('Only names like these').fill('rust-lang/*\n\n  tokio-rs/* \n');
    await page.getByLabel('Never names like these').fill('*/*-archive');
    const rules: SelectionRules = {
      ...defaultSelectionRules,
      ...plain,
      languages: { only: ['Zig'], never: ['rust'] },
      owners: { only: [], never: ['torvalds'] },
      topics: { only: ['cli'], never: [] },
      lists: { only: ['Reading'], never: [] },
      namePatterns: { only: ['rust-lang/*', 'tokio-rs/*'], never: ['*/*-archive'] },
    };
    await expectAsked(rules);
    await page.getByRole('button', { name: /^Start mirroring/ }).click();
    await expect.poll(() => setup.commands.at(-1)).toEqual({ name: 'saveSelection', argument: rules });
    // Until the state says so too, the window is not left.
    await bench.sentence('What to mirror').waitFor();
    setup.set(makeSetupState());
    await page.locator('.state').waitFor();
    expect(page.url()).toBe(`${bench.web.host.url}#/`);
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  });

  test('new stars only begin with the choice', async () => {
    const { page } = await start();
    const before = Date.now();
    await page.getByLabel('New ones only').check();
    await expect.poll(() => JSON.stringify(lastAsked())).toContain('new-only');
    const { newSince, scope } = lastAsked() as SelectionRules;
    expect(scope).toBe('new-only');
    expect(newSince).toBeGreaterThanOrEqual(before);
    expect(newSince).toBeLessThanOrEqual(Date.now());
    await page.getByText(/starred since/).waitFor();
  });

  test('the newest answer wins', async () => {
    const { page, setup } = await start();
    await expectAsked({});
    const release = setup.holdNext();
    setup.prepare({ preview: makePreview({ mirror: { count: 7, sizeKb: 1 } }) });
    await page.getByLabel('Forks').uncheck();
    await expectAsked({ forks: 'skip' });
    setup.prepare({ preview: makePreview({ mirror: { count: 8, sizeKb: 1 } }) });
    await page.getByLabel('Forks').check();
    await page.getByRole('button', { name: 'Start mirroring 8 repositories' }).waitFor();
    release();
    // A question after it is answered in order, so the old answer has arrived by then.
    await page.getByLabel('Find a repository').fill('nothing');
    await page.getByText('No starred repository has these words.').waitFor();
    await page.getByRole('button', { name: 'Start mirroring 8 repositories' }).waitFor();
  });

  test('lists that cannot be read are said to be so', async () => {
    bench = await window.startBench();
    const { choices } = makePreview();
    bench.setup.prepare({ preview: makePreview({ choices: { ...choices, lists: null } }) });
    await openWizard(bench, atSelection());
    const { page } = bench;
    await page.getByText('GitHub Lists', { exact: true }).click();
    await page.getByText('This token cannot read your GitHub Lists').waitFor();
    expect(await page.getByRole('group', { name: 'Only these lists' }).count()).toBe(0);
  });

  test('one repository can be an exception, and be put back', async () => {
    bench = await window.startBench();
    const { page, engine } = bench;
    engine.set({ rows: [makeRow(1, 'torvalds/linux', null), makeRow(9, 'left-pad/left-pad', null)] });
    await openWizard(bench, atSelection());
    const linux = page.getByRole('group', { name: 'Mirror torvalds/linux' });
    await linux.getByRole('button', { name: 'By the rules', pressed: true }).waitFor();
    await linux.getByRole('button', { name: 'Never' }).click();
    await linux.getByRole('button', { name: 'Never', pressed: true }).waitFor();
    await page.getByLabel('Find a repository').fill('left');
    const found = page.getByRole('group', { name: 'Mirror left-pad/left-pad' });
    await found.getByRole('button', { name: 'Always' }).click();
    await found.getByRole('button', { name: 'Always', pressed: true }).waitFor();
    await found.getByRole('button', { name: 'By the rules' }).click();
    await found.getByRole('button', { name: 'By the rules', pressed: true }).waitFor();
    expect(engine.commands).toEqual([
      { name: 'choose', argument: { githubIds: [1], choice: 'exclude' } },
      { name: 'choose', argument: { githubIds: [9], choice: 'include' } },
      { name: 'choose', argument: { githubIds: [9], choice: null } },
    ]);
  });

  test('failures are said, and nothing that was chosen is lost', async () => {
    const { page, setup } = await start();
    await expectAsked({});
    setup.failNext(new EpicstarError('disk-full', '3 MB are free.'));
    await page.getByLabel('Forks').uncheck();
    await page.getByRole('alert').getByText('The disk is full. 3 MB are free.').waitFor();
    await page.getByLabel('Archived repositories').uncheck();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await expectAsked({ forks: 'skip', archived: 'skip' });
    setup.failNext(new EpicstarError('disk-full', '12 MB are free.'));
    await page.getByRole('button', { name: /^Start mirroring/ }).click();
    await page.getByRole('alert').getByText('The disk is full. 12 MB are free.').waitFor();
    await page.getByRole('link', { name: 'Where mirrors go (done)' }).click();
    await page.getByRole('link', { name: 'What to mirror' }).click();
    expect(await page.getByLabel('Forks').isChecked()).toBe(false);
    expect(await page.getByLabel('Archived repositories').isChecked()).toBe(false);
  });

  test('later it is saved rather than started', async () => {
    const { page, setup } = await start(makeSetupState(), '/setup/selection');
    await page.getByLabel('Forks').uncheck();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.locator('.state').waitFor();
    const argument = { ...defaultSelectionRules, forks: 'skip' };
    expect(setup.commands.filter(({ name }) => name === 'saveSelection')).toEqual([
      { name: 'saveSelection', argument },
    ]);
  });
});
