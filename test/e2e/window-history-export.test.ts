/** @file Export of the history in a real browser: what the files hold, how far it goes, and that it can be ended. */
import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { EpicstarError, type Run } from '../../src-main/engine/core/engine-api.ts';
import { manyRuns, openHistory } from '../support/history-scene.ts';
import { makeRun, scriptedNow } from '../support/scripted-facts.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

describe.skipIf(!hasBrowser)('the export of the history', () => {
  const browser = new WindowBrowser();
  let bench: WindowBench;

  beforeAll(() => browser.open());
  afterEach(() => browser.endBench());
  afterAll(() => browser.close());

  async function open(
    runs: readonly Run[],
    options: Parameters<WindowBench['start']>[0] = {},
  ): Promise<WindowBench['page']> {
    bench = await browser.startBench(options);
    return openHistory(bench, runs);
  }

  const count = (text: string): Promise<void> =>
    bench.page.getByRole('heading', { level: 1, name: `History ${text}` }).waitFor();

  test('exports what the filter shows as CSV, and no text becomes a formula', async () => {
    const evil = makeRun({
      id: 7,
      fullName: '=HYPERLINK("http://evil.example")/x',
      finishedAt: scriptedNow - minuteMs,
      outcome: 'failed',
      error: new EpicstarError('git-failed', 'a "quoted", text\nof two lines').toRecord(),
    });
    const page = await open([evil, ...manyRuns(450, scriptedNow - hourMs, hourMs)]);
    await page.getByLabel('Result').selectOption({ label: 'Failed' });
    await count('28 runs');
    await page.getByRole('button', { name: 'Export' }).click();
    const downloading = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'As CSV' }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('epicstar-history-2026-11-24.csv');
    const text = await readFile(await download.path(), 'utf8');
    const lines = text.trimEnd().split('\r\n');
    expect(lines).toHaveLength(29);
    expect(lines[0]).toMatch(
      /^id,repository,github_id,outcome,cause,attempt,queued_at,started_at,finished_at,duration_ms,/,
    );
    expect(lines[1]).toContain(`7,"'=HYPERLINK(""http://evil.example"")/x",10270250,failed,pushed,1,`);
    expect(lines[1]).toContain('2026-11-24T13:59:00.000Z');
    expect(lines[1]).toContain('"git failed. a ""quoted"", text of two lines"');
    expect(lines.slice(1).every((line) => line.includes(',failed,'))).toBe(true);
    await page.getByText('28 runs written to epicstar-history-2026-11-24.csv.').waitFor();
    await bench.shoot('history-exported', 'seen');
    expect(await bench.violations()).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('exports as JSON, all pages of it', async () => {
    const page = await open(manyRuns(450, scriptedNow, hourMs));
    await page.getByRole('button', { name: 'Export' }).click();
    const downloading = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'As JSON' }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('epicstar-history-2026-11-24.json');
    const parsed: unknown = JSON.parse(await readFile(await download.path(), 'utf8'));
    expect(parsed).toHaveLength(450);
    expect(new Set((parsed as readonly { id: number }[]).map(({ id }) => id)).size).toBe(450);
    expect(parsed).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          fullName: 'torvalds/react',
          outcome: 'done',
          finishedAt: new Date(scriptedNow - minuteMs - hourMs).toISOString(),
          report: expect.objectContaining({ rewritten: 1, kept: 2, created: 2 }),
        }),
      ]),
    );
  });

  test('ends at 50 000 runs and says so', async () => {
    const page = await open(manyRuns(3, scriptedNow, hourMs));
    const [run] = manyRuns(1, scriptedNow, hourMs);
    if (run === undefined) throw new Error('there is no run');
    bench.engine.runs = ({ offset, limit }) =>
      Promise.resolve({
        items: Array.from({ length: Math.min(limit, 60_000 - offset) }, (_, index) => ({
          ...run,
          id: 100_000 - offset - index,
        })),
        total: 60_000,
      });
    await page.getByRole('button', { name: 'Export' }).click();
    const downloading = page.waitForEvent('download', { timeout: 60_000 });
    await page.getByRole('menuitem', { name: 'As CSV' }).click();
    await page.getByRole('progressbar', { name: 'Export' }).waitFor();
    const text = await readFile(await (await downloading).path(), 'utf8');
    expect(text.trimEnd().split('\r\n')).toHaveLength(50_001);
    await page.getByText('These are the newest: a file holds 50,000 at most, and 60,000 match.').waitFor();
  });

  test('can be ended on the way, and no file is written', async () => {
    const page = await open(manyRuns(600, scriptedNow, hourMs));
    const downloads: string[] = [];
    page.on('download', (download) => downloads.push(download.suggestedFilename()));
    const { engine } = bench;
    const runs = engine.runs.bind(engine);
    const gate = Promise.withResolvers<undefined>();
    engine.runs = async (query) => {
      if (query.offset > 0) await gate.promise;
      return runs(query);
    };
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: 'As JSON' }).click();
    const dialog = page.getByRole('dialog', { name: 'Export' });
    await dialog.getByText('200 of 600 runs read').waitFor();
    await bench.shoot('history-exporting', 'seen');
    expect(await bench.violations()).toEqual([]);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    gate.resolve(undefined);
    // Another one, begun and finished after it: nothing of the first is written before or between.
    await page.getByRole('button', { name: 'Export' }).click();
    const downloading = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'As CSV' }).click();
    await downloading;
    expect(downloads).toEqual(['epicstar-history-2026-11-24.csv']);
  });
});
