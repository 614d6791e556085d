/** @file The window in a real browser on the real program: what it says is compared with what the stand-ins saw. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateRepositories, readTips, rewriteHistory, runGit } from '../playground/repositories/index.ts';
import { hasProcessFiles, type Program, processesThatName } from '../support/program.ts';
import { figureOf, ProgramWindow, rowOf, sectionOf, sentenceOf, violationsOf } from '../support/program-window.ts';
import { type Installation, Stage, type Star } from '../support/stage.ts';
import { hasBrowser } from '../support/window-browser.ts';

/** So slow that it is in work for half a minute, unless it is ended. */
const bytesPerSecond = 1_000_000;
const dataset = 'alan/dataset';
/** The first two in line, which is read from the newest star on. */
const stuck = ['linus/busy', 'margaret/_moon-'] as const;
const units: Readonly<Record<string, number>> = { bytes: 1, kB: 1e3, MB: 1e6, GB: 1e9 };

/** The first figure with a unit in a text, in bytes. */
function bytesIn(text: string): number {
  const [, value = 'NaN', unit = ''] = /([\d.]+) (bytes|kB|MB|GB)/.exec(text) ?? [];
  return Number(value) * (units[unit] ?? Number.NaN);
}

describe.skipIf(!hasBrowser)('the window on the real program', () => {
  let window: ProgramWindow;
  let page: Page;
  let stage: Stage;
  let installation: Installation;
  let program: Program;
  let address: string;
  const stars = new Map<string, Star>();

  const star = (kind: string): Star => {
    const found = stars.get(kind);
    if (found === undefined) throw new Error(`no repository of the kind ${kind}`);
    return found;
  };
  const press = (name: string): Promise<void> => page.getByRole('button', { name }).click();
  const says = (text: string | RegExp, timeout = 30_000): Promise<void> => sentenceOf(page, text).waitFor({ timeout });
  const inWork = () => sectionOf(page, 'In work');
  const inLine = () => sectionOf(page, 'In line');
  const lastRuns = () => sectionOf(page, 'Last runs');
  const progressOf = (fullName: string) => inWork().getByRole('progressbar', { name: fullName });
  const gitOf = (fullName: string) =>
    processesThatName(fullName).filter(({ commandLine }) => commandLine.includes(installation.dataDir));

  async function serve(port: number): Promise<void> {
    program = installation.start(['serve', '--port', String(port), '--json'], { TIME_LAPSE_MS: '300000' });
    [, address = ''] = await program.waitFor(/"urlWithToken":"([^"]+)"/);
  }

  /** What the window says of a job in work, at a moment when it has received so much. */
  function received(fullName: string, leastBytes: number): Promise<string> {
    let text = '';
    const look = async (): Promise<number> => {
      const found = progressOf(fullName);
      text = (await found.count()) === 0 ? '' : ((await found.getAttribute('aria-valuetext')) ?? '');
      return text.includes('receiving objects') ? bytesIn(text.replace(/ of about .*/, '')) : 0;
    };
    return expect
      .poll(look, { timeout: 30_000, interval: 100 })
      .toBeGreaterThan(leastBytes)
      .then(() => text);
  }

  /** What GitHub's stand-in has sent of a pack, whether it came to an end or not. */
  function sent(fullName: string, complete: boolean): number {
    const path = `/${fullName}.git/git-upload-pack`;
    return Math.max(0, ...stage.github.log.filter({ path, complete }).map(({ bytesOut }) => bytesOut));
  }

  beforeAll(async () => {
    if (!hasBrowser) return;
    [window, stage] = await Promise.all([ProgramWindow.open(), Stage.start(0)]);
    page = await window.newPage();
    for (const one of await generateRepositories(join(stage.dir, 'varied'))) stars.set(one.kind, stage.add(one));
    installation = await stage.install({ EPICSTAR_CONCURRENCY: '2' });
  });
  afterAll(async () => {
    await window?.close();
    await stage?.close();
  });

  test('lets in who has the address, and tells looking, work and what is in line', async () => {
    const { faults } = stage.github;
    faults.add({ path: '/user/starred', kind: 'delay', delayMs: 4_000, times: 1 });
    faults.add({ path: `/${dataset}.git/*`, kind: 'slow-git', bytesPerSecond });
    const stalls = stuck.map((fullName) => faults.add({ path: `/${fullName}.git/git-upload-pack`, kind: 'stall' }));
    faults.add({ path: '/grace/compiler.git/git-upload-pack', kind: 'status', status: 503, times: 1 });
    await serve(0);
    await page.goto(address);
    expect(page.url()).toBe(new URL('/', address).href);
    await says('Looking at your stars for the first time');

    await says('Mirroring 2 repositories');
    await page.getByText('11 more in line.').waitFor();
    for (const fullName of stuck) {
      const text = () => progressOf(fullName).getAttribute('aria-valuetext');
      await expect.poll(text, { timeout: 10_000 }).toMatch(/Fetching from GitHub/);
    }
    await expect.poll(() => inLine().getByRole('listitem').count(), { timeout: 10_000 }).toBe(11);
    expect(await figureOf(page, 'Stars')).toBe(13);
    expect(await figureOf(page, 'In line')).toBe(11);
    expect(await rowOf(inLine(), dataset).innerText()).toMatch(/new star\s+Waits for its turn\s+about 3\d(\.\d)? MB/);
    expect(await violationsOf(page)).toEqual([]);

    // Seen for some seconds only, as soon as there is a lane for it.
    const isRetried = /tried once.*It is tried again within a minute/;
    const compilerWaits = rowOf(inLine(), 'grace/compiler').filter({ hasText: isRetried }).waitFor();
    for (const fullName of stuck) {
      if (hasProcessFiles) expect(gitOf(fullName)).not.toEqual([]);
      await press(`Cancel ${fullName}`);
      await rowOf(lastRuns(), fullName)
        .getByText(/^Cancelled after \d+ s$/)
        .waitFor();
      expect(gitOf(fullName)).toEqual([]);
      expect(await progressOf(fullName).count()).toBe(0);
    }
    for (const stall of stalls) stall.remove();

    await compilerWaits;
    await rowOf(lastRuns(), 'grace/compiler')
      .getByText(/^5 refs added/)
      .waitFor();
  });

  test('shows no more and no less than what GitHub has sent, and ends git at a press', async () => {
    const early = await received(dataset, 0);
    expect(early).toMatch(/^Step 4 of 7: Fetching from GitHub, receiving objects, \d+ of 60, .* of about 3\d/);
    const startMs = performance.now();
    const late = await received(dataset, bytesIn(early) + 4_000_000);
    const [earlyDone = 0, lateDone = 0] = [early, late].map((text) => Number(/(\d+) of 60/.exec(text)?.[1]));
    // No object is larger than 2 MiB.
    expect(lateDone - earlyDone).toBeGreaterThanOrEqual(1);
    expect(lateDone).toBeLessThan(60);
    await says(/^Mirroring alan\/dataset, [\d.]+ MB of about 3\d(\.\d)? MB$/);
    await press(`Cancel ${dataset}`);
    await rowOf(lastRuns(), dataset)
      .getByText(/^Cancelled after \d+ s$/)
      .waitFor();
    expect(gitOf(dataset)).toEqual([]);
    await expect.poll(() => sent(dataset, false), { timeout: 10_000 }).toBeGreaterThan(0);
    const seconds = (performance.now() - startMs) / 1_000;
    expect(sent(dataset, false)).toBeGreaterThan(bytesIn(late) * 0.99);
    expect(sent(dataset, false)).toBeLessThan(bytesIn(early) + bytesPerSecond * (seconds + 1));
    await says('10 of 13 stars are safe');
  });

  test('pauses for real, in every window, and goes on where it is told to', async () => {
    for (const fullName of [...stuck, dataset]) {
      await rowOf(lastRuns(), fullName)
        .getByRole('button', { name: `Try again: ${fullName}` })
        .click();
    }
    await received(dataset, 500_000);
    const other = await window.newPage();
    await other.goto(new URL(address).origin);
    await sentenceOf(other, /^Mirroring/).waitFor();

    await press('Choose for how long');
    await page.getByRole('menuitem', { name: 'For 1 hour' }).click();
    const pausedUntil = /^Paused until .*\d\d:\d\d$/;
    await Promise.all([says(pausedUntil), sentenceOf(other, pausedUntil).waitFor()]);
    await rowOf(inLine(), dataset).getByText('Waits: paused').waitFor();
    await inWork().getByText('Nothing is being mirrored right now.').waitFor();
    expect(gitOf(dataset)).toEqual([]);
    const asked = [stage.github.log.entries.length, installation.onedev.log.entries.length];
    // Five minutes, in which it would have looked several times.
    await program.lapse();
    await page.reload();
    await says(pausedUntil);
    expect([stage.github.log.entries.length, installation.onedev.log.entries.length]).toEqual(asked);

    stage.github.faults.clear();
    await other.getByRole('button', { name: 'Resume' }).click();
    await says('All 13 stars are safe');
    await other.close();
    const mirrored = rowOf(lastRuns(), dataset).filter({ hasText: '1 ref added' });
    const told = bytesIn((await mirrored.innerText()).replace(/^.*added/s, ''));
    expect(Math.abs(told / sent(dataset, true) - 1)).toBeLessThan(0.02);
    const { bareDir } = star('big-blobs');
    expect(await installation.mirrorTips(dataset)).toEqual(await readTips(bareDir));
  });

  test('finds a new star at a press; names of strangers are text; links lead to both sides', async () => {
    const { bareDir, id } = star('rewritten');
    await rewriteHistory(bareDir);
    stage.github.world.pushed(id);
    const hostileRef = 'refs/heads/<script>alert(1)</script>';
    const unfitRef = 'refs/heads/<img/src=x/onerror=alert(1)>';
    const zoo = star('unfit-refs');
    const tip = (await readTips(zoo.bareDir))['refs/heads/main'] ?? '';
    for (const ref of [hostileRef, unfitRef]) await runGit(zoo.bareDir, ['update-ref', ref, tip]);
    stage.add({ ...zoo, fullName: 'hedy/hopping', description: '<script>alert(1)</script>' });
    await press('Look now');
    await page.getByText('Looked: 1 new star, 2 repositories to mirror.').waitFor();
    const hopping = rowOf(lastRuns(), 'hedy/hopping');
    await hopping.getByText('Details').click();
    await hopping.getByText(hostileRef, { exact: true }).waitFor();
    await hopping.getByText(unfitRef, { exact: true }).waitFor();
    expect(await page.locator('main :is(script, img)').count()).toBe(0);
    const source = hopping.getByRole('link', { name: 'hedy/hopping', exact: true });
    expect(await source.getAttribute('href')).toBe(`${stage.github.gitUrl}/hedy/hopping`);
    const mirror = hopping.getByRole('link', { name: 'Mirror: hedy/hopping' });
    expect(await mirror.getAttribute('href')).toBe(`${installation.onedev.url}/github/hedy/hopping`);
    const rewritten = rowOf(lastRuns(), 'grace/compiler').first();
    await rewritten.getByText(/^2 refs rewritten, 1 deleted · old history kept/).waitFor();
    await says('All 14 stars are safe');
  });

  test('names what could not be mirrored, why, and what to do, as the command line does', async () => {
    const blocked = stage.add({ ...star('trunk'), fullName: 'hedy/blocked' });
    stage.github.world.block(blocked.id, 'dmca');
    await press('Look now');
    await says('1 repository could not be mirrored');
    await page.getByText('14 of 15 stars are safe.').waitFor();
    const row = rowOf(lastRuns(), 'hedy/blocked');
    await row.getByText(/^GitHub has blocked access to this repository\./).waitFor();
    await row.getByText(/^Nothing can be fetched; what was mirrored stays\./).waitFor();
    const status = JSON.parse((await installation.run(['status', '--json'])).stdout);
    const { starred, mirrored, failed, jobs } = status.totals;
    const figures = ['Stars', 'Mirrored', 'In line', 'Failed'].map((label) => figureOf(page, label));
    expect(await Promise.all(figures)).toEqual([starred, mirrored, jobs.queued + jobs.waiting, failed]);
    expect([starred, mirrored, failed]).toEqual([15, 14, 1]);
    expect(await violationsOf(page)).toEqual([]);

    await press('Retry failed');
    await page.getByText('Trying 1 repository again.').waitFor();
    await expect.poll(() => row.count(), { timeout: 10_000 }).toBe(2);
    await says('1 repository could not be mirrored');
    stage.github.world.unblock(blocked.id);
    await press('Retry failed');
    await says('All 15 stars are safe');
    expect(await page.getByRole('button', { name: /^Retry/ }).count()).toBe(0);
  });

  test('says when the program is gone, and comes back with it', async () => {
    const other = await window.newPage();
    await other.goto(new URL(address).origin);
    await sentenceOf(other, 'All 15 stars are safe').waitFor();
    await installation.stopAll();
    const gone = [page, other].map((one) => one.getByText('epicstar does not answer.'));
    await Promise.all(gone.map((words) => words.waitFor()));
    expect(await page.getByRole('button', { name: 'Look now' }).getAttribute('aria-disabled')).toBe('true');
    stage.add({ ...star('trunk'), fullName: 'hedy/meanwhile' });
    await serve(Number(new URL(address).port));
    await Promise.all([says('All 16 stars are safe'), sentenceOf(other, 'All 16 stars are safe').waitFor()]);
    await Promise.all(gone.map((words) => words.waitFor({ state: 'detached' })));
    await rowOf(lastRuns(), 'hedy/meanwhile')
      .getByText(/^\d refs added/)
      .waitFor();
    expect(await figureOf(page, 'Mirrored')).toBe(16);
    expect(window.complaints).toEqual([]);
  });
});
