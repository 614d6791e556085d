/** @file What shows that mirrors are what they should be, in a real browser: the section, a comparison of many, details. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { noProofs, type Proofs, type RepositoryRow } from '../../src-main/engine/core/engine-api.ts';
import { makeDrill, makeRow, makeTotals, scriptedNow } from '../support/scripted-facts.ts';
import { playQuiet } from '../support/scripted-scenes.ts';
import type { WindowBench } from '../support/window-bench.ts';
import { hasBrowser, WindowBrowser } from '../support/window-browser.ts';

const hourMs = 3_600_000;
const targetUrl = 'https://onedev.example.org';
const counts = { same: 940, sameAsProven: 12, differs: 2, failed: 1, repaired: 3 };
const round = {
  startedAt: scriptedNow - 2 * 60_000,
  endedAt: null,
  total: 1_204,
  state: 'running',
  counts,
  obstacle: null,
} as const;
const last = {
  result: 'same',
  source: 'run',
  at: scriptedNow - hourMs,
  refCount: 252,
  differences: [],
  error: null,
} as const;
const proven = { at: last.at, refCount: 252, digest: 'abc' };

function row(githubId: number, fullName: string, change: Partial<Proofs>): RepositoryRow {
  return {
    ...makeRow(githubId, fullName, `${targetUrl}/github/${fullName}`),
    proofs: { ...noProofs, last, proven, ...change },
  };
}

const tampered = row(2, 'ada/engine', {
  last: {
    ...last,
    result: 'differs',
    source: 'verify',
    at: scriptedNow - 60_000,
    differences: ['refs/heads/<b>x</b> is only in the mirror'],
  },
});
const damaged = row(3, 'grace/cobol', {
  difference: {
    at: scriptedNow - 26 * hourMs,
    differences: ['refs/heads/main differs'],
    repairedAt: scriptedNow - 25 * hourMs,
  },
  drill: makeDrill({ result: 'damaged', findings: ['missing blob 4b825dc642cb6eb9a060e54bf8d69288fbee4904'] }),
});
const rows = [row(1, 'here/still', { drill: makeDrill() }), tampered, damaged];

describe.skipIf(!hasBrowser)('proofs in the window', () => {
  const browser = new WindowBrowser();
  let bench: WindowBench;

  beforeAll(() => browser.open());
  afterEach(() => browser.endBench());
  afterAll(() => browser.close());

  async function open(place: string, options: Parameters<WindowBench['start']>[0] = {}): Promise<void> {
    bench = await browser.startBench(options);
    const { page, engine } = bench;
    await page.clock.setFixedTime(scriptedNow);
    playQuiet(engine, scriptedNow);
    engine.set({ rows, overview: { totals: makeTotals(), proof: { round: null, drill: null, lastDrill: null } } });
    await bench.open();
    await show(place);
  }
  async function show(place: string): Promise<void> {
    const { page } = bench;
    await page.goto(`${page.url().split('#')[0]}#${place}`);
  }
  const press = (name: string | RegExp) => bench.page.getByRole('button', { name }).first().click();
  const says = (words: string | RegExp) => bench.page.getByText(words).first().waitFor();

  test('all are compared on a press, whether or not anybody looks, and that can be ended', async () => {
    await open('/rescued');
    const { engine } = bench;
    await says('No restore was tried yet.');
    const begun = engine.nextCommand('beginComparing');
    await press('Compare all now');
    expect(await begun).toMatchObject({ argument: null });
    engine.set({ overview: { proof: { round, drill: null, lastDrill: null } } });
    await says('955 of 1,204 mirrors compared: 940 the same, 12 as they were proven, 2 with differences');
    await bench.page.reload();
    await says(/^955 of 1,204 mirrors compared/);
    expect(await bench.violations()).toEqual([]);
    await bench.shoot('proofs-running');
    const ended = engine.nextCommand('endComparing');
    await press('Stop comparing');
    await ended;
    engine.set({
      overview: {
        proof: { round: { ...round, state: 'stopped', endedAt: scriptedNow }, drill: null, lastDrill: null },
      },
    });
    await says(/Stopped\./);
    await bench.page.getByRole('button', { name: 'Compare all now' }).waitFor();
  });

  test.each([
    ['light', { viewport: { width: 1_100, height: 800 } }],
    ['dark', { colorScheme: 'dark', viewport: { width: 1_100, height: 800 } }],
    ['narrow', { viewport: { width: 360, height: 800 } }],
  ] as const)('the last restore is told, and one under way: %s', async (name, options) => {
    await open('/overview', options);
    const obstacle = {
      code: 'github-rate-limited',
      message: "GitHub's rate limit is used up.",
      nextStep: '',
      action: 'wait',
      data: {},
    } as const;
    bench.engine.set({
      overview: {
        proof: {
          round: { ...round, state: 'waiting', obstacle },
          drill: { githubId: 1, fullName: 'here/still', startedAt: scriptedNow - 5_000 },
          lastDrill: { githubId: 3, fullName: 'grace/cobol', drill: makeDrill() },
        },
      },
    });
    await says(/Waiting: GitHub's rate limit is used up/);
    await says(/3,412 objects/);
    await bench.page.getByRole('heading', { name: 'Proof' }).scrollIntoViewIfNeeded();
    expect(await bench.violations()).toEqual([]);
    await bench.shoot(`proofs-overview-${name}`);
  });

  test('the details say what was found, what was repaired, and how a restore went', async () => {
    await open('/repositories/3');
    await says(/It differed in 1 ref .*; repaired/);
    await says('missing blob 4b825dc642cb6eb9a060e54bf8d69288fbee4904');
    expect(await bench.violations()).toEqual([]);
    await bench.shoot('proofs-detail-damaged');
    const begun = bench.engine.nextCommand('beginDrill');
    await press('Try a restore');
    expect(await begun).toMatchObject({ argument: 3 });
    await show('/repositories/2');
    await says('refs/heads/<b>x</b> is only in the mirror');
    await bench.shoot('proofs-detail-differs');
  });
});
