/** @file The page of activity in a real browser: what needs a person, where its presses lead, and how fast work goes. */
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Overview, RepositoryRow } from '../../src-main/engine/core/engine-api.ts';
import { errorRecord, makeJob, makeOverview, makeTotals, makeWorkItem } from '../support/scripted-facts.ts';
import { playQuiet } from '../support/scripted-scenes.ts';
import { starRow } from '../support/statistics-scene.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';

const minuteMs = 60_000;

function trouble(code: Parameters<typeof errorRecord>[0], detail = ''): Overview['troubles'][number] {
  return { error: errorRecord(code, detail), since: Date.now() - minuteMs, until: null };
}

function failedRow(githubId: number, fullName: string): RepositoryRow {
  const error = errorRecord('target-name-clash', `It is github/${fullName}.`);
  return { ...starRow(githubId, fullName, 3, 'failed'), job: makeJob({ githubId, fullName, state: 'failed', error }) };
}

function askingRow(githubId: number, fullName: string, sizeKb: number): RepositoryRow {
  const row = starRow(githubId, fullName, 2, 'asks');
  return { ...row, repository: { ...row.repository, sizeKb, selectionReason: 'larger than 10 GB' } };
}

describe.skipIf(!hasBrowser)('the activity', () => {
  const browser = new WindowBrowser();
  let bench: WindowBench;

  beforeAll(() => browser.open());
  afterEach(() => browser.endBench());
  afterAll(() => browser.close());

  async function open(
    play: (engine: WindowBench['engine']) => void,
    options: Parameters<WindowBench['start']>[0] = {},
    now: number | null = null,
  ): Promise<WindowBench['page']> {
    bench = await browser.startBench(options);
    if (now !== null) await bench.page.clock.setFixedTime(now);
    playQuiet(bench.engine, Date.now());
    play(bench.engine);
    await bench.open();
    return bench.page;
  }

  const needs = (): Locator => bench.page.getByRole('region', { name: /^Needs you/ });

  function playNeeds(engine: WindowBench['engine']): void {
    engine.set({
      askFacts: { freeBytesHere: 30e9, freeBytesAtTarget: null, cache: { caches: 12, bytes: 3.4e9, stays: true } },
      rows: [
        starRow(1, 'facebook/react', 1),
        askingRow(21, 'chromium/chromium', 41_000_000),
        failedRow(31, 'acme/one'),
        failedRow(32, 'acme/two'),
        failedRow(33, 'a-rather-long-organisation-name/a-repository-with-a-name-that-does-not-end-early'),
        failedRow(34, 'acme/four'),
      ],
      overview: {
        totals: makeTotals({ failed: 4, mirrored: 1_199 }),
        troubles: [
          trouble('disk-full', '12 MB are free.'),
          trouble('target-right-missing', 'It needs the right to create projects.'),
          trouble('git-missing'),
          trouble('target-unavailable', 'It answered 502.'),
        ],
      },
    });
  }

  test('lists what only a person can solve, with what to press beside it', async () => {
    const page = await open(playNeeds);
    await needs().getByText('Needs you').waitFor();
    expect(await needs().getByRole('heading').innerText()).toMatch(/^Needs you\s*7$/);
    const rights = needs().getByRole('listitem').filter({ hasText: 'lacks a right' });
    await rights.getByText('Grant the right named here.').waitFor();
    expect(await rights.getByRole('link', { name: 'Test the mirror server' }).getAttribute('href')).toBe(
      '#/setup/target',
    );
    await needs().getByText('Install git 2.32 or newer.').waitFor();
    // What the state says already, and what ends by itself, stand elsewhere.
    expect(await needs().getByText('The disk is full').count()).toBe(0);
    await page.getByRole('region', { name: 'What is in the way' }).getByText('It answered 502.').waitFor();
    expect(await needs().getByText('It answered 502.').count()).toBe(0);

    const asking = needs().getByRole('listitem').filter({ hasText: 'chromium/chromium' });
    await asking.getByText("Mirror it? About 42 GB by GitHub's figure · larger than 10 GB").waitFor();
    await asking.getByText('The place of the mirrors does not tell what is free; 30 GB here, too little.').waitFor();
    await asking.getByText('It would drop 12 copies kept here (3.4 GB), fetched again').waitFor();
    expect(await asking.getByRole('link').getAttribute('href')).toBe('#/repositories/21');
    await asking.getByRole('button', { name: 'Never: chromium/chromium' }).click();
    await page.getByText('chromium/chromium is left out for good.').waitFor();
    await asking.getByRole('button', { name: 'Later: chromium/chromium' }).click();
    await page.getByText('chromium/chromium is asked about again after 30 days').waitFor();
    await asking.getByRole('button', { name: 'Mirror: chromium/chromium' }).click();
    await page.getByText('chromium/chromium will be mirrored.').waitFor();
    await needs().getByRole('button', { name: 'Retry: acme/one' }).click();
    await page.getByText('acme/one is next in line.').waitFor();
    await needs().getByRole('link', { name: '1 other failed' }).waitFor();
    await needs().getByRole('button', { name: 'Retry all 4' }).click();
    await page.getByText('Trying 3 repositories again.').waitFor();
    expect(bench.engine.commands).toEqual([
      { name: 'choose', argument: { githubIds: [21], choice: 'exclude' } },
      { name: 'choose', argument: { githubIds: [21], choice: 'later' } },
      { name: 'choose', argument: { githubIds: [21], choice: 'include' } },
      { name: 'mirrorNow', argument: [31] },
      { name: 'retryFailed', argument: null },
    ]);
    bench.engine.set({ rows: [starRow(1, 'facebook/react', 1)], overview: { troubles: [], totals: makeTotals() } });
    await needs().waitFor({ state: 'detached' });
  });

  test.each([
    ['light', { colorScheme: 'light' as const }],
    ['dark', { colorScheme: 'dark' as const }],
    ['360', { viewport: { width: 360, height: 740 } }],
  ])('looks right when much is needed: %s', async (name, options) => {
    await open(playNeeds, options);
    await needs().waitFor();
    await bench.shoot(`needs-${name}`);
    expect(await bench.violations()).toEqual([]);
    expect(await bench.overflow()).toBe(0);
  });

  test.each([
    ['GitHub does not accept', { troubles: [trouble('github-signed-out')] }, 'Sign in to GitHub', '#/setup/github'],
    ['It was not chosen yet', { troubles: [trouble('target-not-set')] }, 'Set where mirrors go', '#/setup/target'],
    ['Choose what to mirror', { awaitsSelection: true }, 'Continue the setup', '#/setup'],
  ] as const)('leads to where it is solved: %s', async (words, change, label, href) => {
    const page = await open((engine) => engine.set({ overview: makeOverview(change) }));
    await bench.sentence(new RegExp(`^${words}`)).waitFor();
    const link = page.locator('.state').getByRole('link', { name: label });
    expect(await link.getAttribute('href')).toBe(href);
    await bench.shoot(`press-${href.slice(2).replace('/', '-')}`);
    expect(await bench.violations()).toEqual([]);
    await link.click();
    await expect.poll(() => new URL(page.url()).hash.startsWith(href)).toBe(true);
  });

  test('follows what lost most of its refs only when that is pressed', async () => {
    const error = errorRecord('source-shrunk', '240 of 252 are gone.');
    const page = await open((engine) => {
      const row = failedRow(31, 'acme/one');
      engine.set({
        rows: [{ ...row, job: { ...makeJob(row.job ?? {}), error } }],
        overview: { totals: makeTotals({ failed: 1 }) },
      });
    });
    await needs().getByText('Upstream lost most of its branches and tags at once. 240 of 252 are gone.').waitFor();
    await needs().getByText('Then follow it (what it lost is kept), or leave the mirror as it is.').waitFor();
    await bench.shoot('activity-loss');
    expect(await bench.violations()).toEqual([]);
    await needs().getByRole('button', { name: 'Follow upstream: acme/one' }).click();
    await page.getByText('acme/one is followed; what upstream lost is kept.').waitFor();
    expect(bench.engine.commands.at(-1)).toEqual({ name: 'followLoss', argument: 31 });
  });

  test('measures the speed in the page, and tells how long only once that is sure', async () => {
    const page = await open(() => undefined);
    const total = 1_000_000;
    const perTick = 8_000;
    const startedMs = performance.now();
    // By the clock and not by counting: a busy machine skips ticks and would look slow.
    const ticksSoFar = (): number => Math.floor((performance.now() - startedMs) / 200);
    const item = (ticks: number) =>
      makeWorkItem({
        startedAt: Date.now(),
        git: { phase: 'receiving', done: ticks * perTick, total, bytes: ticks * 400_000 },
        bytesReceived: 1_000_000 + ticks * 400_000,
      });
    const tick = setInterval(() => bench.engine.set({ work: [item(ticksSoFar())] }), 200);
    try {
      const work = page.getByRole('region', { name: /^In work/ });
      await work.getByText(/ · [12](\.\d)? MB\/s/).waitFor();
      await work.getByText(/about \d+ s left of this step/).waitFor({ timeout: 60_000 });
      expect(ticksSoFar()).toBeGreaterThanOrEqual(48);
      await bench.shoot('speed');
    } finally {
      clearInterval(tick);
    }
    // Nothing moves any more: no speed is told.
    await page.getByText(/MB\/s/).waitFor({ state: 'detached', timeout: 10_000 });
    await page.getByText('left of this step').waitFor({ state: 'detached', timeout: 10_000 });
  });

  test('pauses until tomorrow at eight, by the clock of the reader', async () => {
    const page = await open(() => undefined, {}, Date.UTC(2027, 2, 27, 20));
    const command = bench.engine.nextCommand('pause');
    await page.getByRole('button', { name: 'Choose for how long' }).click();
    await page.getByRole('menuitem', { name: 'Until tomorrow, 8:00' }).click();
    // The clocks of Berlin are put on in this night.
    expect((await command).argument).toBe(Date.UTC(2027, 2, 28, 6));
  });
});
