/** @file What the desktop's notification service is given, over the session bus, by the program on a real Electron. */
import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hourMs } from '../../src-main/shell/notification-policy.ts';
import type { ErrorCode, Run } from '../../src-main/engine/core/engine-api.ts';
import { errorRecord, makeOverview, makeRow, makeRun, makeTotals } from '../support/scripted-facts.ts';
import { waitUntil } from '../support/wait.ts';
import { benchToken, WebBench } from '../support/web-bench.ts';
import { type Desktop, DesktopBench, refusal } from './desktop-bench.ts';
import type { NotificationService, Notified } from './notification-service.ts';

const minuteMs = 60_000;
/** After a start it waits for less than this, and gathers for no longer. */
const settledMs = 2 * minuteMs;
const haltMs = 4_000;
const secret = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';
const gitWords = 'fatal: unable to access https://mona@example.org/';

describe('notifications on the session bus', () => {
  let bench: DesktopBench;
  let web: WebBench;
  let desktop: Desktop;
  let service: NotificationService;
  let runIds = 500;
  let lapsedMs = 0;

  /** One run more that ended just now. */
  function endRun(change: Partial<Omit<Run, 'error'>> & { readonly code?: ErrorCode }): Run {
    runIds += 1;
    const { code, ...rest } = change;
    const failure = {
      outcome: 'failed',
      error: code === undefined ? null : errorRecord(code, secret, { output: gitWords }),
    } as const;
    const finishedAt = Date.now() + lapsedMs;
    const run = makeRun({ id: runIds, githubId: runIds, finishedAt, ...(code === undefined ? {} : failure), ...rest });
    web.engine.set({ rows: [makeRow(run.githubId, run.fullName, null)] });
    web.engine.endRun(run);
    return run;
  }
  const rewritten = (fullName: string): Run =>
    endRun({
      fullName,
      report: {
        ...makeRun().report,
        rewritten: 1,
        kept: 1,
        moved: [
          {
            ref: 'refs/heads/main',
            kind: 'rewrite',
            from: 'a'.repeat(40),
            to: 'b'.repeat(40),
            keptAs: 'refs/epicstar/kept/20261124T135500000Z/heads/main',
          },
        ],
      },
    });
  let totals = makeTotals();
  /** Resolves when the shell has heard all that was said so far. */
  async function heard(): Promise<void> {
    web.engine.set({ overview: { ...makeOverview({ totals }), pause: { since: 0, until: null } } });
    await desktop.tooltip(/Paused/);
    web.engine.set({ overview: makeOverview({ totals }) });
    await desktop.tooltip(/are safe$/);
  }
  async function lapse(byMs: number): Promise<void> {
    await desktop.lapse(byMs);
    lapsedMs += byMs;
  }
  /** Time goes by after all was heard, with a halt for what the shell asks about runs that came too fast. */
  async function pass(byMs: number): Promise<void> {
    await heard();
    await lapse(haltMs);
    await heard();
    await lapse(byMs);
    await heard();
  }
  /** What comes when the time to gather is over. */
  async function next(byMs = settledMs): Promise<Notified> {
    const count = service.notified.length;
    await pass(byMs);
    return service.after(count);
  }
  /** Whether nothing comes although there would be time for it. */
  async function isSilent(byMs = settledMs): Promise<boolean> {
    const count = service.notified.length;
    await pass(byMs);
    return service.notified.length === count;
  }

  /** The person looks elsewhere again. */
  async function hide(): Promise<void> {
    await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().forEach((one) => one.close()));
    await desktop.visible(0);
  }

  beforeAll(async () => {
    if (refusal !== null) return;
    web = new WebBench();
    [bench] = await Promise.all([DesktopBench.open({ hasPanel: true }), web.start()]);
    service = bench.panel.notifications;
    desktop = await bench.launch(await bench.makeHome(), { url: web.host.url, token: benchToken }, ['--hidden']);
    await desktop.tooltip(/are safe/);
  });
  beforeEach(({ skip }) => {
    if (refusal !== null) skip(refusal);
  });
  afterAll(async () => {
    await bench?.close();
    await web?.end();
  });

  test('are none after a start where all is well', async () => {
    expect(await isSilent()).toBe(true);
  });

  test('tell of a rewrite that was caught, and a click leads to the repository', async () => {
    const { githubId } = rewritten('paperboat/typesetter');
    const told = await next();
    expect(told).toMatchObject({
      summary: 'paperboat/typesetter was rewritten',
      body: 'Its history on GitHub was replaced. The old one is kept in your mirror.',
      replaces: 0,
    });
    service.press(told);
    await desktop.windowAt(new RegExp(`#/repositories/${githubId}$`));
    await desktop.visible(1);
    await hide();
  });

  test('come no more than once an hour of a kind, and then tell of all that came meanwhile', async () => {
    rewritten('ada/notes');
    rewritten('ada/engine');
    expect(await isSilent(hourMs - 5 * minuteMs)).toBe(true);
    expect(await next(10 * minuteMs)).toMatchObject({
      summary: '2 repositories were rewritten',
      body: 'ada/notes and ada/engine: their old history is kept in your mirrors.',
    });
  });

  test('tell of what failed in words of their own: no token, no words of git', async () => {
    endRun({ fullName: 'moonbase/<b>lander</b>', code: 'git-failed' });
    const told = await next();
    expect(told.summary).toBe('moonbase/‹b›lander‹/b› could not be mirrored');
    expect(told.body).toBe('Open it to see why, and what can be done.');
    expect(inspect(service.notified, { depth: null })).not.toMatch(/ghp_|fatal|example\.org/);
  });

  test('tell of one that is gone from GitHub', async () => {
    const row = makeRow(4_711, 'fieldnotes/songbook', null);
    const evidence = { fullName: null, isStarred: null, reason: 'dmca', noticeUrl: null };
    const verdict = { kind: 'blocked', evidence, firstAt: 1, lastAt: 2, confirmedAt: 2 } as const;
    web.engine.set({ rows: [{ ...row, repository: { ...row.repository, verdict } }] });
    totals = makeTotals({ rescued: 1 });
    expect(await next()).toMatchObject({
      summary: 'fieldnotes/songbook was blocked by GitHub',
      body: 'GitHub shows it to nobody any more. What was mirrored stays.',
    });
  });

  test('gather new stars', async () => {
    for (const name of ['loom', 'atlas', 'clockwork', 'compass']) {
      endRun({ fullName: `tinkerers/${name}`, cause: 'new-star' });
    }
    const { summary, body } = await next();
    expect(summary).toBe('4 new stars are safe');
    expect(body).toMatch(/^tinkerers\/loom, tinkerers\/\w+, tinkerers\/\w+ and 1 other are mirrored\.$/);
  });

  test('ask for a sign-in and for a place on the disk, each where it leads to', async () => {
    const trouble = (code: ErrorCode): void => {
      web.engine.set({
        overview: makeOverview({ troubles: [{ error: errorRecord(code, secret), since: Date.now(), until: null }] }),
      });
    };
    const count = service.notified.length;
    trouble('github-signed-out');
    await desktop.tooltip(/GitHub/);
    await lapse(settledMs);
    const signIn = await service.after(count);
    expect(signIn).toMatchObject({
      summary: 'Sign in to GitHub',
      body: 'GitHub does not accept the token any more. Nothing new is mirrored until you sign in.',
    });
    trouble('disk-full');
    await desktop.tooltip(/disk/);
    await lapse(settledMs);
    expect(await service.after(count + 1)).toMatchObject({
      summary: 'The disk is full',
      body: 'Free some space; work goes on by itself.',
    });
    service.press(signIn);
    expect((await desktop.windowAt(/#\/setup\/github$/)).url()).toMatch(/^epicstar:\/\/window\//);
    await desktop.visible(1);
    web.engine.set({ overview: makeOverview() });
    await hide();
  });

  test('are none of what the person sees in the window', async () => {
    await lapse(2 * hourMs);
    await desktop.press('Open epicstar');
    await waitUntil('the window to have the focus', async () =>
      desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getFocusedWindow() !== null),
    );
    endRun({ fullName: 'tinkerers/kiln', cause: 'new-star' });
    expect(await isSilent()).toBe(true);
    await hide();
    expect(await isSilent()).toBe(true);
    endRun({ fullName: 'tinkerers/anvil', cause: 'new-star' });
    expect((await next()).summary).toBe('tinkerers/anvil is safe');
  });

  test('answer a press in the tray that comes to nothing', async () => {
    const count = service.notified.length;
    web.engine.failNext(new Error(`${gitWords} ${secret}`));
    await desktop.press('Look for new stars now');
    expect(await service.after(count)).toMatchObject({
      summary: 'Your stars could not be looked at',
      body: 'Open epicstar to see what is wrong.',
    });
  });

  test('carry the name and the picture of the program, and one action: a click', () => {
    expect(service.notified.length).toBeGreaterThan(6);
    for (const { app, icon, hints, actions } of service.notified) {
      expect(app).toBe('epicstar');
      expect(icon !== '' || 'image-data' in hints || 'image_data' in hints || 'icon_data' in hints).toBe(true);
      expect(actions[0]).toBe('default');
    }
    expect(inspect(service.notified, { depth: null })).not.toContain(secret);
  });

  test('are taken back when the program ends', async () => {
    const last = service.notified.at(-1);
    await desktop.press('Quit epicstar');
    await desktop.ended;
    expect(service.takenBack).toContain(last?.id);
  });
});
