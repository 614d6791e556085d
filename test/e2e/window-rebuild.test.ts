/** @file What the window shows on a new machine whose mirrors were there already, in a real browser. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { RepositoryRow } from '../../src-main/engine/core/engine-api.ts';
import { writeConfigFile } from '../../src-main/engine/core/config-file.ts';
import { defaultSelectionRules } from '../../src-main/engine/domain/selection.ts';
import { makeRow, makeTotals, scriptedNow } from '../support/scripted-facts.ts';
import { playQuiet } from '../support/scripted-scenes.ts';
import { atSelection, openWizard } from '../support/setup-scenes.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';

const targetUrl = 'https://onedev.example.org';
const rebuilt = { at: scriptedNow - 60_000, mirrors: 200, address: targetUrl };

/** As a mirror tells of a repository that is gone from GitHub. */
function foundOnly(githubId: number, fullName: string): RepositoryRow {
  const row = makeRow(githubId, fullName, `${targetUrl}/github/${fullName}`);
  const { mirror } = row.repository;
  const unknown = { pushedAt: null, sizeKb: 0, defaultBranch: '', language: null, licenseSpdx: null, topics: [] };
  return {
    ...row,
    repository: {
      ...row.repository,
      ...unknown,
      starredAt: 0,
      absentSince: scriptedNow - 2 * 3_600_000,
      mirror: mirror === null ? null : { ...mirror, verifiedAt: 0, refCount: 0, pushedAt: null, defaultBranch: null },
      verdict: {
        kind: 'gone',
        evidence: { fullName: null, isStarred: null, reason: null, noticeUrl: null },
        firstAt: scriptedNow - 2 * 3_600_000,
        lastAt: scriptedNow - 1_800_000,
        confirmedAt: scriptedNow - 1_800_000,
      },
    },
  };
}

describe.skipIf(!hasBrowser)('a new machine', () => {
  const window = new WindowBrowser();
  let bench: WindowBench;

  beforeAll(() => window.open());
  afterEach(() => window.endBench());
  afterAll(() => window.close());

  async function open(options: Parameters<WindowBench['start']>[0] = {}) {
    bench = await window.startBench(options);
    await bench.page.clock.setFixedTime(scriptedNow);
    playQuiet(bench.engine, scriptedNow);
    return bench;
  }

  test.each([
    ['light', {}],
    ['dark', { colorScheme: 'dark' }],
    ['narrow', { viewport: { width: 360, height: 800 } }],
  ] as const)('is told how many mirrors were found before anything is chosen, %s', async (name, options) => {
    const { page, engine } = await open(options);
    engine.set({ overview: { rebuilt, awaitsSelection: true } });
    await openWizard(bench, atSelection());
    const note = page.locator('.callout', { hasText: '200 mirrors found on' });
    await note.getByText('only what is new is fetched from GitHub').waitFor();
    expect(await note.textContent()).toContain('If another epicstar still works on this place, end one of the two.');
    await bench.shoot(`rebuild-wizard-${name}`);
    expect(await bench.violations()).toEqual([]);
  });

  test.each([
    ['light', {}],
    ['dark', { colorScheme: 'dark' }],
    ['narrow', { viewport: { width: 360, height: 800 } }],
  ] as const)('has a history that says where it begins, %s', async (name, options) => {
    const { page, engine } = await open(options);
    engine.set({ runs: [], overview: { rebuilt } });
    await bench.open();
    await page.getByRole('link', { name: 'History', exact: true }).click();
    await page.getByText('The history begins here: rebuilt').waitFor();
    await page.getByText('from 200 mirrors on').waitFor();
    await bench.shoot(`rebuild-history-${name}`);
    expect(await bench.violations()).toEqual([]);
  });

  test('shows what is gone upstream with what the mirror tells, and says what nobody knows', async () => {
    const { page, engine } = await open();
    engine.set({
      rows: [foundOnly(2, 'ada/engine')],
      overview: { rebuilt, totals: makeTotals({ rescued: 1, absent: 1 }) },
    });
    await bench.open();
    await page.getByRole('link', { name: 'Rescued', exact: true }).click();
    const row = page.getByRole('listitem').filter({ hasText: 'ada/engine' });
    await row.getByText('never here').waitFor();
    expect(await row.textContent()).toContain('Sizenot known');
    expect(await row.textContent()).not.toContain('1970');
    await bench.shoot('rebuild-rescued');
    expect(await bench.violations()).toEqual([]);
    await row.getByRole('link', { name: 'ada/engine', exact: true }).click();
    await page.getByText('both ends were not compared here yet').waitFor();
    expect(await page.locator('main').textContent()).not.toContain('1970');
    await bench.shoot('rebuild-detail');
    expect(await bench.violations()).toEqual([]);
  });

  test('takes rules and choices from a file, and shows them before', async () => {
    const { page, setup } = await open();
    await bench.open();
    await page.getByRole('link', { name: 'Settings', exact: true }).click();
    await page.getByRole('button', { name: 'Import settings' }).click();
    const dialog = page.getByRole('dialog', { name: 'Import settings' });
    const paste = dialog.getByRole('textbox', { name: 'Or paste the settings' });
    const rules = { ...defaultSelectionRules, forks: 'skip' } as const;
    const text = writeConfigFile({ settings: {}, rules, choices: { include: [4], exclude: [7, 9] } });
    await paste.fill(text.replace('"skip"', '"perhaps"'));
    await dialog.getByRole('alert').getByText('rules.forks in the imported file').waitFor();
    await paste.fill(text);
    const plan = dialog.getByRole('region', { name: 'What will change' });
    await plan.getByText('Forks: mirror becomes skip').waitFor();
    const items = await plan.getByRole('listitem').allTextContents();
    expect(items).toContain('Included by you: 0 repositories becomes 1 repository');
    expect(items).toContain('Excluded by you: 1 repository becomes 2 repositories');
    await bench.shoot('rebuild-import');
    expect(await bench.violations()).toEqual([]);
    await dialog.getByRole('button', { name: 'Import', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(setup.commands.at(-1)).toEqual({ name: 'importSettings', argument: text });
  });
});
