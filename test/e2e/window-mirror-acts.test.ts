/** @file Putting single mirrors away, bringing them back and deleting them, in a real browser. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { RepositoryRow } from '../../src-main/engine/core/engine-api.ts';
import { makeRow, scriptedNow } from '../support/scripted-facts.ts';
import { playQuiet } from '../support/scripted-scenes.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';

const hourMs = 3_600_000;
const targetUrl = 'https://onedev.example.org';
const kept = {
  ref: 'refs/epicstar/kept/20260101T000000Z/heads/main',
  origin: 'refs/heads/main',
  sha: 'a'.repeat(40),
  keptAt: scriptedNow,
};

function known(githubId: number, fullName: string): RepositoryRow {
  return makeRow(githubId, fullName, `${targetUrl}/github/${fullName}`);
}

function gone(row: RepositoryRow): RepositoryRow {
  const evidence = { fullName: null, isStarred: null, reason: null, noticeUrl: null };
  const [firstAt, lastAt] = [scriptedNow - 26 * hourMs, scriptedNow - hourMs];
  const verdict = { kind: 'gone', evidence, firstAt, lastAt, confirmedAt: lastAt } as const;
  return { ...row, repository: { ...row.repository, absentSince: firstAt, verdict } };
}

describe.skipIf(!hasBrowser)('acts on single mirrors', () => {
  const browser = new WindowBrowser();
  let bench: WindowBench;

  beforeAll(() => browser.open());
  afterEach(() => browser.endBench());
  afterAll(() => browser.close());

  async function open(rows: readonly RepositoryRow[], options: Parameters<WindowBench['start']>[0] = {}) {
    bench = await browser.startBench(options);
    const { page, engine } = bench;
    await page.clock.setFixedTime(scriptedNow);
    playQuiet(engine, scriptedNow);
    engine.set({ rows, keptRefs: [kept] });
    await bench.open();
    return page;
  }

  async function openDetails(rows: readonly RepositoryRow[], options: Parameters<WindowBench['start']>[0] = {}) {
    const page = await open(rows, options);
    await page.evaluate(() => {
      window.location.hash = '#/repositories/2';
    });
    await page.getByRole('button', { name: 'Delete the mirror' }).waitFor();
    return page;
  }

  test('deletes a mirror only once its name is typed, and says what would be lost', async () => {
    const page = await openDetails([gone(known(2, 'ada/engine')), known(3, 'bob/kite')]);
    const path = 'github/ada/engine.wiki';
    const place = { projectId: '9', projectPath: path, projectUrl: `${targetUrl}/${path}` };
    const wiki = { kind: 'mirrored', ...place, refCount: 1, reason: null, checkedAt: scriptedNow } as const;
    bench.engine.set({ extras: { lfs: null, wiki, submodules: [], submoduleCount: 0 } });
    await page.getByRole('button', { name: 'Delete the mirror' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('This is the last copy').waitFor();
    await dialog.getByText(/1 old tip that upstream has no more/).waitFor();
    await dialog.getByText(/and its wiki at github\/ada\/engine\.wiki/).waitFor();
    const press = dialog.getByRole('button', { name: 'Delete for good' });
    expect(await press.getAttribute('aria-disabled')).toBe('true');
    await press.click({ force: true });
    await dialog.getByLabel('Type ada/engine to delete its mirror').fill('ada/engin');
    expect(await press.getAttribute('aria-disabled')).toBe('true');
    expect(await bench.violations()).toEqual([]);
    await bench.shoot('mirror-delete');
    expect(bench.engine.commands.filter(({ name }) => name === 'deleteMirrors')).toEqual([]);
    const deleting = bench.engine.nextCommand('deleteMirrors');
    await dialog.getByLabel('Type ada/engine to delete its mirror').fill('ada/engine');
    await press.click();
    expect((await deleting).argument).toEqual([{ githubId: 2, typedName: 'ada/engine' }]);
    await page.getByText('1 mirror deleted.').waitFor();
  });

  test('looks right where there is little room, and in the dark', async () => {
    const page = await openDetails([gone(known(2, 'ada/engine'))], {
      viewport: { width: 360, height: 800 },
      colorScheme: 'dark',
    });
    await page.getByRole('button', { name: 'Delete the mirror' }).click();
    await page.getByRole('dialog').getByText('This is the last copy').waitFor();
    expect(await bench.violations()).toEqual([]);
    await bench.shoot('mirror-delete-dark-360');
  });

  test('moves a mirror to the archive and brings it back', async () => {
    const page = await openDetails([known(2, 'ada/engine')]);
    await page.getByRole('button', { name: 'Move to the archive' }).click();
    const archiving = bench.engine.nextCommand('archiveMirrors');
    await page.getByRole('dialog').getByRole('button', { name: 'Move to the archive' }).click();
    expect((await archiving).argument).toEqual([2]);
    await page.getByText('You moved its mirror to the archive').waitFor();
    await page.getByText('in the archive', { exact: true }).first().waitFor();
    expect(await page.getByRole('button', { name: 'Mirror now' }).count()).toBe(0);
    await bench.shoot('mirror-in-archive');
    await page.getByRole('button', { name: 'Bring back' }).click();
    const back = bench.engine.nextCommand('bringBackMirrors');
    await page.getByRole('dialog').getByRole('button', { name: 'Bring back' }).click();
    expect((await back).argument).toEqual([2]);
    await page.getByText('1 mirror brought back.').waitFor();
  });

  test('lists each of several, asks for each name, and refuses many', async () => {
    const rows = [known(2, 'ada/engine'), known(3, 'bob/kite')];
    const many = Array.from({ length: 21 }, (_, index) => known(100 + index, `many/r${index}`));
    const page = await open([...rows, ...many]);
    await page.evaluate(() => {
      window.location.hash = '#/repositories';
    });
    await page.getByLabel('Select ada/engine').check();
    await page.getByLabel('Select bob/kite').check();
    const choose = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Actions' }).click();
      await page.getByRole('menuitem', { name: 'Delete the mirror' }).click();
    };
    await choose();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Type ada/engine to delete its mirror').fill('ada/engine');
    const press = dialog.getByRole('button', { name: 'Delete for good' });
    expect(await press.getAttribute('aria-disabled')).toBe('true');
    await dialog.getByLabel('Type bob/kite to delete its mirror').fill('BOB/kite');
    await bench.shoot('mirror-delete-several');
    const deleting = bench.engine.nextCommand('deleteMirrors');
    await press.click();
    expect((await deleting).argument).toEqual([
      { githubId: 2, typedName: 'ada/engine' },
      { githubId: 3, typedName: 'BOB/kite' },
    ]);
    await page.getByRole('button', { name: /^Select all/ }).click();
    await page.getByText('23 selected').waitFor();
    await choose();
    await dialog.getByText(/at most 20 repositories at once/).waitFor();
    expect(await dialog.getByRole('button', { name: 'Delete for good' }).count()).toBe(0);
  });

  test('shows in the history what was done, and in the shelf of rescued ones that one is in the archive', async () => {
    const row = gone(known(2, 'ada/engine'));
    const page = await open([{ ...row, repository: { ...row.repository, archivedAt: scriptedNow - hourMs } }]);
    bench.engine.set({ acts: [{ at: scriptedNow, githubId: 7, fullName: 'eve/reed', kind: 'deleted' }] });
    await page.getByRole('link', { name: 'History', exact: true }).click();
    await page.getByText('What you did with single mirrors').click();
    const line = page.getByText(/eve\/reed was deleted at the mirror server/);
    await line.waitFor();
    expect(await line.textContent()).toMatch(/just now\.$/);
    await bench.shoot('mirror-acts-history');
    await page.getByRole('link', { name: 'Rescued', exact: true }).click();
    await page.getByText(/You moved it to the archive/).waitFor();
  });
});
