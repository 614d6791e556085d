/** @file What presses of tray and notifications do, over the real contract and a scripted engine. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBridge } from '../../../src-main/bridge/bridge.ts';
import { EpicstarError } from '../../../src-main/engine/core/engine-api.ts';
import { createActionHandler } from '../../../src-main/shell/action-handler.ts';
import { createLocalLink } from '../../../src-main/shell/link.ts';
import { createTransport } from '../../../src-main/shell/link-client.ts';
import type { NotificationView, ShellAction } from '../../../src-main/shell/notification-words.ts';
import { type Client, createClient } from '../../../src-preload/contract/client.ts';
import { createKeptLog } from '../../support/kept-log.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { ScriptedEngine } from '../../support/scripted-engine.ts';
import { ScriptedSetup } from '../../support/scripted-setup.ts';

/** Of local time, wherever the tests run. */
const evening = new Date(2026, 9, 24, 21, 30).getTime();
const nextMorning = new Date(2026, 9, 25, 8).getTime();

describe('a press', () => {
  let engine: ScriptedEngine;
  let client: Client;
  let done: string[];
  let told: NotificationView[];
  let run: (action: ShellAction) => Promise<void>;

  beforeEach(() => {
    const clock = new ManualClock(evening);
    const log = createKeptLog();
    engine = new ScriptedEngine();
    const bridge = createBridge({
      engine,
      setup: new ScriptedSetup(),
      links: () => ({ githubWebUrl: 'https://github.com', targetUrl: null }),
      version: '1',
      clock,
      log,
    });
    client = createClient(createTransport(createLocalLink(bridge)), {
      setTimer: (delayMs, fire) => clock.setTimer(delayMs, fire),
    });
    done = [];
    told = [];
    run = createActionHandler({
      client,
      now: () => evening,
      openWindow: (place) => done.push(`window ${place}`),
      openPage: (url) => {
        if (!url.startsWith('https://github.com/')) throw new Error(`refused ${url}`);
        done.push(`page ${url}`);
      },
      showAbout: () => done.push('about'),
      quit: () => done.push('quit'),
      installUpdate: () => done.push('install'),
      tell: (notification) => told.push(notification),
      log,
    });
  });
  afterEach(() => client.close());

  it.each<[ShellAction, string]>([
    [{ kind: 'open', place: '/setup/github' }, 'window /setup/github'],
    [{ kind: 'open-repository', githubId: 12 }, 'window /repositories/12'],
    [{ kind: 'open-page', url: 'https://github.com/a/b' }, 'page https://github.com/a/b'],
    [{ kind: 'about' }, 'about'],
    [{ kind: 'quit' }, 'quit'],
    [{ kind: 'install-update' }, 'install'],
  ])('is of the shell: %o', async (action, expected) => {
    await run(action);
    expect([done, engine.commands, told]).toEqual([[expected], [], []]);
  });

  it.each<[ShellAction, string, unknown]>([
    [{ kind: 'look' }, 'lookNow', false],
    [{ kind: 'pause', until: 'resumed' }, 'pause', null],
    [{ kind: 'pause', until: 'hour' }, 'pause', evening + 3_600_000],
    // The clocks are put back in this night in many places.
    [{ kind: 'pause', until: 'tomorrow' }, 'pause', nextMorning],
    [{ kind: 'resume' }, 'resume', null],
    [{ kind: 'retry-failed' }, 'retryFailed', null],
    [{ kind: 'mirror', githubIds: [7, 9] }, 'mirrorNow', [7, 9]],
  ])('is a call of the contract: %o', async (action, name, argument) => {
    await run(action);
    expect([engine.commands, told]).toEqual([[{ name, argument }], []]);
  });

  it('that fails is answered, in words of our own', async () => {
    engine.failNext(new EpicstarError('github-unavailable', 'token ghp_secret <b>'));
    await run({ kind: 'look' });
    await run({ kind: 'open-page', url: 'https://evil.example.org/' });
    expect(told.map(({ kind, title }) => [kind, title])).toEqual([
      ['needs-you', 'Your stars could not be looked at'],
      ['needs-you', 'The page could not be opened'],
    ]);
    expect(JSON.stringify(told)).not.toMatch(/ghp_|evil|<b>/);
    expect(told[0]?.click).toEqual({ kind: 'open', place: '/' });
  });

  it('without a connection says so', async () => {
    client.close();
    await run({ kind: 'resume' });
    expect(told.map(({ title, body }) => `${title}. ${body}`)).toEqual([
      expect.stringMatching(/^epicstar could not be resumed\. .*not reached/),
    ]);
  });
});
