/** @file Who answers a window: the desktop what is about itself, whatever the engine does, and the engine all else. */
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createBridge } from '../../../src-main/bridge/bridge.ts';
import { withDesktop } from '../../../src-main/shell/desktop-session.ts';
import { createClosedLink, createLocalLink, type Link, type LinkSession } from '../../../src-main/shell/link.ts';
import { createTransport } from '../../../src-main/shell/link-client.ts';
import { createClient } from '../../../src-preload/contract/client.ts';
import { type ServerMessage, serverMessage } from '../../../src-preload/contract/messages.ts';
import { calls, isDesktopCallName } from '../../../src-preload/contract/schema.ts';
import { DesktopParts } from '../../support/desktop-parts.ts';
import { HandTimers } from '../../support/hand-timers.ts';
import { ScriptedEngine } from '../../support/scripted-engine.ts';
import { ScriptedSetup } from '../../support/scripted-setup.ts';
import { waitUntil } from '../../support/wait.ts';

const desktopCalls = Object.keys(calls).filter(isDesktopCallName);

const argumentOfLeaving = { address: null, token: null };

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

let parts: DesktopParts;

beforeEach(async () => {
  parts = await DesktopParts.open();
});
afterEach(() => parts.close());

function localLink(): Link {
  const timers = new HandTimers();
  return createLocalLink(
    createBridge({
      engine: new ScriptedEngine(),
      setup: new ScriptedSetup(),
      links: () => ({ githubWebUrl: 'https://github.com', targetUrl: null }),
      version: '0',
      clock: { now: () => 0, monotonicMs: () => timers.nowMs, setTimer: timers.setTimer },
      log: parts.log,
    }),
  );
}

interface Page {
  readonly session: LinkSession;
  readonly sent: ServerMessage[];
  /** The next message of the other end. */
  hear(count: number): Promise<boolean>;
}

function open(link: Link): Page {
  const sent: ServerMessage[] = [];
  const session = link.connect({
    send: (text) => sent.push(serverMessage.parse(JSON.parse(text))),
    status: () => undefined,
    isReady: () => true,
  });
  return { session, sent, hear: (count) => waitUntil(`${count} messages`, () => sent.length >= count) };
}

describe('a window of the desktop', () => {
  test('has its calls answered by whom they are for', async () => {
    const page = open(withDesktop({ link: localLink(), desktop: parts.keeper, log: parts.log }));
    page.session.receive(JSON.stringify({ type: 'call', id: 1, call: 'desktop.get', argument: {} }));
    page.session.receive(JSON.stringify({ type: 'call', id: 2, call: 'work.get', argument: {} }));
    await page.hear(2);
    expect(page.sent).toContainEqual({
      type: 'result',
      id: 1,
      result: { type: 'success', value: expect.objectContaining({ platform: 'linux', version: '1.2.3' }) },
    });
    expect(page.sent).toContainEqual({ type: 'result', id: 2, result: { type: 'success', value: [] } });
  });

  test('hears of the desktop until it wants no more', async () => {
    const page = open(withDesktop({ link: localLink(), desktop: parts.keeper, log: parts.log }));
    page.session.receive(JSON.stringify({ type: 'listen', id: 1, topic: 'desktop' }));
    await page.hear(2);
    expect(page.sent).toContainEqual({
      type: 'update',
      topic: 'desktop',
      value: expect.objectContaining({ startsHidden: false }),
    });
    page.session.receive(
      JSON.stringify({ type: 'call', id: 2, call: 'desktop.set', argument: { startsHidden: true } }),
    );
    await page.hear(4);
    expect(page.sent[2]).toMatchObject({ type: 'update', topic: 'desktop', value: { startsHidden: true } });
    page.session.receive(JSON.stringify({ type: 'unlisten', topic: 'desktop' }));
    page.session.receive(
      JSON.stringify({ type: 'call', id: 3, call: 'desktop.set', argument: { startsHidden: false } }),
    );
    await page.hear(5);
    expect(page.sent.slice(4)).toMatchObject([{ type: 'result', id: 3, result: { type: 'success' } }]);
  });

  test('takes no word about the desktop from an engine', async () => {
    const told = (topic: string): string => JSON.stringify({ type: 'update', topic, value: { startsHidden: true } });
    const lie = JSON.stringify({ type: 'result', id: 1, result: { type: 'success', value: 'done' } });
    let isHeld = true;
    const liar: Link = {
      connect: (port) => ({
        receive: (text) => port.send(text),
        drained() {
          port.send(told('desktop'));
          port.send(told('desktop').replace('"desktop"', String.raw`"\u0064esktop"`));
          port.send(told('work'));
          if (isHeld) port.send(lie);
        },
        close: () => undefined,
      }),
      close: () => Promise.resolve(),
    };
    const page = open(withDesktop({ link: liar, desktop: parts.keeper, log: parts.log }));
    page.session.receive(JSON.stringify({ type: 'call', id: 1, call: 'desktop.attach', argument: argumentOfLeaving }));
    page.session.drained();
    await page.hear(2);
    isHeld = false;
    page.session.drained();
    expect(page.sent).toMatchObject([
      { type: 'update', topic: 'work' },
      { type: 'result', id: 1, result: { type: 'success', value: {} } },
      { type: 'update', topic: 'work' },
    ]);
    expect(parts.log.lines.map(({ message }) => message)).toContain(
      'an engine spoke for the desktop and was not heard',
    );
  });

  test('may change the desktop while no engine can be heard', async () => {
    const timers = new HandTimers();
    const link = withDesktop({ link: createClosedLink(), desktop: parts.keeper, log: parts.log });
    const transport = { ...createTransport(link), reachesDesktop: true };
    const client = createClient(transport, { setTimer: timers.setTimer });
    const heard: boolean[] = [];
    client.listen('desktop', ({ startsHidden }) => heard.push(startsHidden));
    await client.call('desktop.set', { startsHidden: true });
    await waitUntil('the change to be told', () => heard.at(-1) === true);
    await expect(client.call('work.get')).rejects.toMatchObject({ name: 'disconnected' });
    client.close();
    await expect(client.call('desktop.get')).rejects.toMatchObject({ name: 'disconnected' });
  });

  test('is refused by the engine what is no message of the contract', async () => {
    const page = open(withDesktop({ link: localLink(), desktop: parts.keeper, log: parts.log }));
    page.session.receive('{"type":"call","call":"desktop.get"}');
    page.session.receive(JSON.stringify({ type: 'call', id: 1, call: 'desktop.', argument: {} }));
    await page.hear(2);
    expect(page.sent).toMatchObject([
      { type: 'refused', error: { name: 'malformed-message' } },
      { type: 'result', id: 1, result: { error: { name: 'unknown-call' } } },
    ]);
  });

  test('hears nothing after it is closed', async () => {
    const page = open(withDesktop({ link: localLink(), desktop: parts.keeper, log: parts.log }));
    page.session.receive(JSON.stringify({ type: 'listen', id: 1, topic: 'desktop' }));
    await page.hear(2);
    page.session.close();
    await parts.keeper.handlers['desktop.set']({ startsHidden: true }, null);
    expect(page.sent).toHaveLength(2);
  });
});

test('a server knows neither calls nor topic of the desktop', async () => {
  const page = open(localLink());
  for (const [index, call] of desktopCalls.entries()) {
    page.session.receive(JSON.stringify({ type: 'call', id: index, call, argument: {} }));
  }
  page.session.receive(JSON.stringify({ type: 'listen', id: 100, topic: 'desktop' }));
  page.session.receive(JSON.stringify({ type: 'unlisten', topic: 'desktop' }));
  await page.hear(desktopCalls.length + 2);
  const names = page.sent.map((message) =>
    message.type === 'result' && message.result.type === 'error'
      ? message.result.error.name
      : message.type === 'refused' && message.error.name,
  );
  expect(names.filter((name) => name === 'unknown-call')).toHaveLength(desktopCalls.length);
  expect(names.filter((name) => name === 'unknown-topic')).toHaveLength(2);
});

describe('wrong arguments', () => {
  test.each(desktopCalls)('of %s are refused by name and change nothing', async (name) => {
    const parser = calls[name].argument;
    const wrong = fc
      .oneof(
        fc.jsonValue(),
        fc.record(
          Object.fromEntries(
            ['startsHidden', 'opensAs', 'isMetered', 'notifications', 'isOn', 'address', 'token', '__proto__'].map(
              (key) => [key, fc.jsonValue()],
            ),
          ),
          { requiredKeys: [] },
        ),
      )
      .filter((value) => !parser.safeParse(value).success);
    const before = await parts.keeper.handlers['desktop.get']({}, null);
    await fc.assert(
      fc.asyncProperty(wrong, async (argument) => {
        const page = open(withDesktop({ link: localLink(), desktop: parts.keeper, log: parts.log }));
        page.session.receive(JSON.stringify({ type: 'call', id: 1, call: name, argument }));
        await settled();
        page.session.close();
        expect(page.sent).toMatchObject([{ id: 1, result: { type: 'error', error: { name: 'wrong-argument' } } }]);
      }),
      { numRuns: 40 },
    );
    expect(await parts.keeper.handlers['desktop.get']({}, null)).toEqual(before);
    expect(parts.restarts).toBe(0);
  });
});
