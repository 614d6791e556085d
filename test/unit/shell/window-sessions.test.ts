/** @file Who is heard over IPC, and which session a page has. */
import { EventEmitter } from 'node:events';
import type { WebContents } from 'electron';
import { describe, expect, test } from 'vitest';
import { ipcChannels } from '../../../src-main/shell/ipc-channels.ts';
import type { LinkPort } from '../../../src-main/shell/link.ts';
import { WindowSessions, type WindowSessionsOptions } from '../../../src-main/shell/window-sessions.ts';
import { createKeptLog } from '../../support/kept-log.ts';

const own = 'epicstar://window/index.html#/';

class Page extends EventEmitter {
  readonly sent: (readonly [channel: string, text: string])[] = [];
  isGone = false;

  isDestroyed(): boolean {
    return this.isGone;
  }
  send(channel: string, text: string): void {
    this.sent.push([channel, text]);
  }
}

function bench() {
  const ipcMain = new EventEmitter();
  const log = createKeptLog();
  const story: string[] = [];
  const ports: LinkPort[] = [];
  const sessions = new WindowSessions({
    ipcMain: ipcMain as unknown as WindowSessionsOptions['ipcMain'],
    link: {
      connect(port) {
        const name = `session ${ports.push(port)}`;
        story.push(`${name} opened`);
        port.status('open');
        return {
          receive: (text) => story.push(`${name}: ${text}`),
          drained: () => undefined,
          close: () => story.push(`${name} closed`),
        };
      },
      close: () => Promise.resolve(),
    },
    log,
  });
  const frame = { url: own, parent: null };
  const hello = (page: Page, senderFrame: object | null = frame): boolean =>
    ipcMain.emit(ipcChannels.hello, { sender: page, senderFrame });
  const say = (page: Page, text: unknown, senderFrame: object | null = frame): boolean =>
    ipcMain.emit(ipcChannels.message, { sender: page, senderFrame }, text);
  const admit = (page: Page): void => sessions.admit(page as unknown as WebContents);
  return { sessions, log, story, ports, hello, say, admit };
}

describe('windows over IPC', () => {
  test('speak when they were let in, each over a session of its own', () => {
    const { story, ports, hello, say, admit } = bench();
    const [one, other] = [new Page(), new Page()];
    [one, other].forEach(admit);
    hello(one);
    hello(other);
    say(other, 'from the other');
    say(one, 'from one');
    ports[0]?.send('to one');
    expect(story).toEqual(['session 1 opened', 'session 2 opened', 'session 2: from the other', 'session 1: from one']);
    expect(one.sent).toEqual([
      [ipcChannels.status, 'open'],
      [ipcChannels.message, 'to one'],
    ]);
    expect(other.sent).toEqual([[ipcChannels.status, 'open']]);
  });

  test.each([
    ['a page of another address', { url: 'https://example.org/', parent: null }],
    ['a page that only looks like ours', { url: 'epicstar://window.example.org/', parent: null }],
    ['a frame inside our page', { url: own, parent: {} }],
    ['a frame that is gone', null],
  ])('does not hear %s', (_what, senderFrame) => {
    const { story, log, hello, say, admit } = bench();
    const page = new Page();
    admit(page);
    hello(page, senderFrame);
    say(page, 'hello', senderFrame);
    expect(story).toEqual([]);
    expect(page.sent).toEqual([]);
    expect(log.lines.map(({ level }) => level)).toEqual(['warn', 'warn']);
  });

  test('does not hear a window that was not let in', () => {
    const { story, log, hello } = bench();
    hello(new Page());
    expect(story).toEqual([]);
    expect(log.lines).toHaveLength(1);
  });

  test('hears texts alone, and only after a hello', () => {
    const { story, hello, say, admit } = bench();
    const page = new Page();
    admit(page);
    say(page, 'too early');
    hello(page);
    for (const what of [null, 1, { type: 'call' }, ['text']]) say(page, what);
    expect(story).toEqual(['session 1 opened']);
  });

  test('gives a page that was loaded again a new session, and takes it when the page is gone', () => {
    const { story, ports, hello, admit } = bench();
    const page = new Page();
    admit(page);
    hello(page);
    hello(page);
    page.isGone = true;
    page.emit('destroyed');
    ports[1]?.send('nobody is there');
    expect(story).toEqual(['session 1 opened', 'session 1 closed', 'session 2 opened', 'session 2 closed']);
    expect(page.sent.filter(([channel]) => channel === ipcChannels.message)).toEqual([]);
  });

  test('hears nobody after its end', () => {
    const { sessions, story, hello, say, admit } = bench();
    const page = new Page();
    admit(page);
    hello(page);
    sessions.close();
    hello(page);
    say(page, 'anybody there?');
    expect(story).toEqual(['session 1 opened', 'session 1 closed']);
  });
});
