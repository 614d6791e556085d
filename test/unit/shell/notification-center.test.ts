/** @file Notifications over the real contract: runs that were skipped on the wire, default branches, memory, timers. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBridge } from '../../../src-main/bridge/bridge.ts';
import type { Run } from '../../../src-main/engine/core/engine-api.ts';
import { createLocalLink } from '../../../src-main/shell/link.ts';
import { createTransport } from '../../../src-main/shell/link-client.ts';
import { NotificationCenter } from '../../../src-main/shell/notification-center.ts';
import { type FileMemory, openNotificationMemory } from '../../../src-main/shell/notification-memory.ts';
import type { NotificationView } from '../../../src-main/shell/notification-words.ts';
import { type Client, createClient } from '../../../src-preload/contract/client.ts';
import { createKeptLog, type KeptLog } from '../../support/kept-log.ts';
import { ManualClock, settle } from '../../support/manual-clock.ts';
import { errorRecord, makeRow, makeRun, makeTotals, scriptedNow } from '../../support/scripted-facts.ts';
import { ScriptedEngine } from '../../support/scripted-engine.ts';
import { makeSetupState, ScriptedSetup } from '../../support/scripted-setup.ts';

const minute = 60_000;

describe('the centre of notifications', () => {
  let dir: string;
  let clock: ManualClock;
  let log: KeptLog;
  let engine: ScriptedEngine;
  let setup: ScriptedSetup;
  let client: Client;
  let memory: FileMemory;
  let center: NotificationCenter;
  let shown: NotificationView[];

  const memoryPath = (): string => join(dir, 'notifications.json');

  async function begin(): Promise<void> {
    memory = await openNotificationMemory(memoryPath(), log);
    center = new NotificationCenter({
      client,
      clock,
      memory,
      isOn: () => true,
      isSeen: () => false,
      show: (notification) => shown.push(notification),
      log,
    });
    center.start();
    await clock.advance(minute);
  }

  /** Lets what was said on the wire arrive. */
  async function arrive(byMs = 0): Promise<void> {
    await clock.advance(byMs);
    await center.settled();
    await settle();
  }

  const failed = (id: number, change: Partial<Run> = {}): Run =>
    makeRun({
      id,
      githubId: id,
      fullName: `a/r${id}`,
      outcome: 'failed',
      error: errorRecord('target-name-unfit'),
      ...change,
    });

  it('asks about what waits for a word since it was listed first, once, with the three answers', async () => {
    const asked = () => shown.filter(({ kind }) => kind === 'asks');
    const asking = (githubId: number) => {
      const row = { ...makeRow(githubId, `big/r${githubId}`, null), state: 'asks' as const };
      return { ...row, repository: { ...row.repository, sizeKb: 2_000_000 } };
    };
    engine.set({ rows: [asking(1)], overview: { totals: makeTotals({ asks: 1 }) } });
    await arrive(minute);
    expect(asked()).toMatchObject([
      {
        kind: 'asks',
        title: 'Mirror big/r1?',
        body: "It is larger than you allow unasked. It takes about 2 GB by GitHub's figure.",
        actions: [
          { label: 'Mirror', action: { kind: 'choose', githubId: 1, choice: 'include' } },
          { label: 'Later', action: { kind: 'choose', githubId: 1, choice: 'later' } },
          { label: 'Never', action: { kind: 'choose', githubId: 1, choice: 'exclude' } },
        ],
      },
    ]);
    engine.set({ rows: [1, 2, 3, 4].map(asking), overview: { totals: makeTotals({ asks: 4 }) } });
    await arrive(minute);
    expect(asked()).toHaveLength(1);
    // Answered meanwhile.
    engine.set({ rows: [1, 2, 4].map(asking), overview: { totals: makeTotals({ asks: 3 }) } });
    await arrive(60 * minute);
    expect(asked()).toHaveLength(2);
    expect(asked()[1]).toMatchObject({ title: '2 large repositories wait for your word', count: 2 });
    await arrive(120 * minute);
    expect(asked()).toHaveLength(2);
  });

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'epicstar-notifications-'));
    clock = new ManualClock(scriptedNow);
    log = createKeptLog();
    shown = [];
    engine = new ScriptedEngine();
    setup = new ScriptedSetup();
    const bridge = createBridge({
      engine,
      setup,
      links: () => ({ githubWebUrl: 'https://github.com', targetUrl: null }),
      version: '1',
      clock,
      log,
    });
    client = createClient(createTransport(createLocalLink(bridge)), {
      setTimer: (delayMs, fire) => clock.setTimer(delayMs, fire),
    });
    await begin();
  });

  afterEach(async () => {
    center.stop();
    client.close();
    await memory.settled();
    await rm(dir, { recursive: true, force: true });
  });

  it('tells of a trouble when its time has come, by itself', async () => {
    engine.set({
      overview: { troubles: [{ error: errorRecord('github-signed-out'), since: scriptedNow, until: null }] },
    });
    await arrive(minute);
    expect(shown).toMatchObject([{ kind: 'needs-you', title: 'Sign in to GitHub' }]);
  });

  it('tells of what is gone for certain, once it is counted', async () => {
    const row = makeRow(7, 'ada/engine', null);
    const evidence = { fullName: null, isStarred: null, reason: null, noticeUrl: null };
    const verdict = { kind: 'gone', evidence, firstAt: 1, lastAt: 2, confirmedAt: 2 } as const;
    engine.set({ overview: { totals: makeTotals({ rescued: 0 }) } });
    await arrive(minute);
    engine.endRun(failed(7, { fullName: 'ada/engine', error: errorRecord('github-gone') }));
    await arrive(2 * minute);
    expect(shown).toEqual([]);
    engine.set({ rows: [{ ...row, repository: { ...row.repository, absentSince: 1, verdict } }] });
    engine.set({ overview: { totals: makeTotals({ rescued: 1 }) } });
    await arrive(minute);
    expect(shown).toMatchObject([{ kind: 'upstream-gone', title: 'ada/engine is gone from GitHub' }]);
  });

  it('asks for the runs that were skipped on the wire, and tells each once', async () => {
    for (let id = 1; id <= 300; id += 1) engine.endRun(failed(id));
    await arrive(2 * minute);
    expect(shown).toMatchObject([{ kind: 'failed-again', count: 300 }]);
    for (let id = 301; id <= 320; id += 1) engine.endRun(failed(id));
    await arrive(2 * 60 * minute);
    expect(shown.slice(1)).toMatchObject([{ kind: 'failed-again', count: 20 }]);
    expect(log.lines).toEqual([]);
  });

  it('goes on with the runs of another database, whose numbers begin anew', async () => {
    engine.endRun(failed(5_000));
    await arrive(2 * 60 * minute);
    engine.endRun(failed(1));
    await arrive(2 * minute);
    expect(shown.map(({ title }) => title)).toEqual(['a/r5000 could not be mirrored', 'a/r1 could not be mirrored']);
  });

  it('asks which branch is the default one where a run kept old tips', async () => {
    const rewriting = (id: number, branch: string): Run => {
      const moved = { ref: `refs/heads/${branch}`, kind: 'rewrite', from: 'a', to: 'b', keptAs: 'refs/k' } as const;
      return makeRun({ id, githubId: id, report: { ...makeRun().report, rewritten: 1, kept: 1, moved: [moved] } });
    };
    engine.set({ rows: [makeRow(1, 'ada/engine', null), makeRow(2, 'ada/notes', null)] });
    engine.endRun(rewriting(1, 'topic'));
    await arrive(minute);
    expect(shown).toEqual([]);
    engine.endRun(rewriting(2, 'main'));
    await arrive(minute);
    expect(shown).toMatchObject([{ kind: 'rewrite-caught', count: 1 }]);
  });

  it('leaves what is missing to the wizard of the first run', async () => {
    setup.set(makeSetupState({ isFirstRun: true }));
    await arrive(minute);
    engine.set({
      overview: { troubles: [{ error: errorRecord('target-not-set'), since: scriptedNow, until: null }] },
    });
    await arrive(10 * minute);
    expect(shown).toEqual([]);
    setup.set(makeSetupState({ isFirstRun: false }));
    await arrive(minute);
    expect(shown).toMatchObject([{ title: 'Choose where mirrors go' }]);
  });

  it('remembers over a restart what was told, in a file of its own', async () => {
    const trouble = { error: errorRecord('github-signed-out'), since: scriptedNow, until: null };
    engine.set({ overview: { troubles: [trouble] } });
    await arrive(minute);
    center.stop();
    await memory.settled();
    expect(await readFile(memoryPath(), 'utf8')).toContain('github-signed-out');
    await begin();
    await arrive(3 * 60 * minute);
    expect(shown).toHaveLength(1);
  });

  it('begins anew with a file that is spoilt', async () => {
    center.stop();
    await memory.settled();
    await writeFile(memoryPath(), '{"told": [');
    expect((await openNotificationMemory(memoryPath(), log)).read()).toBeUndefined();
    await begin();
    engine.endRun(failed(1));
    await arrive(2 * minute);
    expect(shown).toHaveLength(1);
  });

  it('is silent for a moment after the computer woke, and after its end', async () => {
    center.woke();
    engine.set({
      overview: { troubles: [{ error: errorRecord('disk-full'), since: scriptedNow, until: null }] },
    });
    await arrive(19_000);
    expect(shown).toEqual([]);
    center.stop();
    await arrive(10 * minute);
    expect(shown).toEqual([]);
    expect(engine.listenerCount).toBe(0);
  });
});
