/** @file What is opened in the browser, and what pages are let do. */
import { EventEmitter } from 'node:events';
import type { Session, WebContents } from 'electron';
import { describe, expect, test } from 'vitest';
import { createPageOpener, guardPages } from '../../../src-main/shell/security.ts';
import { createKeptLog } from '../../support/kept-log.ts';

function opener(hosts: readonly string[]) {
  const opened: string[] = [];
  const log = createKeptLog();
  const openExternal = (url: string): Promise<void> => {
    opened.push(url);
    return url.includes('broken') ? Promise.reject(new Error('no browser')) : Promise.resolve();
  };
  return { opened, log, open: createPageOpener({ shell: { openExternal }, hosts: () => hosts, log }) };
}

describe('opening pages', () => {
  const hosts = ['https://github.com', 'http://onedev.lan:6610'];

  test.each(['https://github.com/a/b?c#d', 'https://github.com:443/', 'http://onedev.lan:6610/github/a/b'])(
    'opens %s',
    (address) => {
      const { open, opened, log } = opener(hosts);
      open(address);
      expect(opened).toEqual([new URL(address).href]);
      expect(log.lines).toEqual([]);
    },
  );

  test.each([
    'http://github.com/',
    'https://github.com:8443/',
    'https://github.com.example.org/',
    'https://example.org/?https://github.com',
    'https://someone:secret@github.com/',
    'https://github.com@example.org/',
    'https://onedev.lan:6610/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'ssh://github.com/',
    '//github.com/',
    '',
  ])('does not open %s', (address) => {
    const { open, opened, log } = opener(hosts);
    open(address);
    expect(opened).toEqual([]);
    expect(log.lines.map(({ level }) => level)).toEqual(['warn']);
    expect(JSON.stringify(log.lines)).not.toContain('secret');
  });

  test('says when there is no browser', async () => {
    const { open, log } = opener(hosts);
    open('https://github.com/broken');
    await Promise.resolve();
    await Promise.resolve();
    expect(log.lines.map(({ message }) => message)).toEqual(['the browser could not be opened']);
  });
});

/** The parts of Electron that a guard listens to, with what it was given. */
class GuardedSession extends EventEmitter {
  request: Parameters<Session['setPermissionRequestHandler']>[0] = null;
  check: Parameters<Session['setPermissionCheckHandler']>[0] = null;
  before: Parameters<Session['webRequest']['onBeforeRequest']>[0] | null = null;
  readonly webRequest = {
    onBeforeRequest: (listener: unknown) => (this.before = listener as GuardedSession['before']),
  };
  setPermissionRequestHandler(handler: GuardedSession['request']): void {
    this.request = handler;
  }
  setPermissionCheckHandler(handler: GuardedSession['check']): void {
    this.check = handler;
  }
  setDevicePermissionHandler(handler: () => boolean): void {
    expect(handler()).toBe(false);
  }
}

describe('pages', () => {
  const own = 'epicstar://window/index.html';

  function guard(url = own) {
    const app = new EventEmitter();
    const session = new GuardedSession();
    const opened: string[] = [];
    guardPages({
      app: app as unknown as Parameters<typeof guardPages>[0]['app'],
      session: session as unknown as Session,
      openPage: (address) => opened.push(address),
      log: createKeptLog(),
    });
    let openWindow: ((details: { readonly url: string }) => unknown) | null = null;
    const contents = Object.assign(new EventEmitter(), {
      getURL: () => url,
      setWindowOpenHandler: (handler: typeof openWindow) => (openWindow = handler),
    });
    app.emit('web-contents-created', {}, contents);
    /** Whether an event was refused. */
    const refuses = (name: string, event: object, ...rest: readonly unknown[]): boolean => {
      let isRefused = false;
      contents.emit(name, { ...event, preventDefault: () => (isRefused = true) }, ...rest);
      return isRefused;
    };
    return {
      session,
      contents: contents as unknown as WebContents,
      opened,
      refuses,
      open: (at: string) => openWindow?.({ url: at }),
    };
  }

  test('stay what they are', () => {
    const { refuses } = guard();
    expect(refuses('will-navigate', {}, own)).toBe(false);
    expect(refuses('will-navigate', {}, 'https://github.com/')).toBe(true);
    expect(refuses('will-redirect', {}, own)).toBe(true);
    expect(refuses('will-frame-navigate', { isMainFrame: false, url: own })).toBe(true);
    expect(refuses('will-attach-webview', {}, {}, {})).toBe(true);
    expect(guard('https://example.org/').refuses('will-navigate', {}, own)).toBe(true);
  });

  test('get no window; what they asked for goes to the one who opens pages', () => {
    const { open, opened } = guard();
    expect(open('https://github.com/')).toEqual({ action: 'deny' });
    expect(opened).toEqual(['https://github.com/']);
  });

  test('copy, and have no other permission', () => {
    const { session, contents } = guard();
    const asks = (permission: string, requestingUrl: string): boolean => {
      let answer = true;
      const decide = (given: boolean): void => void (answer = given);
      const details = { requestingUrl, isMainFrame: true } as never;
      session.request?.(contents, permission as 'media', decide, details);
      expect(session.check?.(contents, permission as 'media', requestingUrl, details)).toBe(answer);
      return answer;
    };
    expect(asks('clipboard-sanitized-write', own)).toBe(true);
    expect(asks('clipboard-sanitized-write', 'https://example.org/')).toBe(false);
    for (const permission of ['clipboard-read', 'media', 'geolocation', 'notifications', 'openExternal', 'unknown']) {
      expect([permission, asks(permission, own)]).toEqual([permission, false]);
    }
  });

  test('load nothing from elsewhere, and save only what they made themselves', () => {
    const { session } = guard();
    const cancels = (url: string): boolean | undefined => {
      let cancel: boolean | undefined;
      session.before?.({ url } as never, (answer) => (cancel = answer.cancel));
      return cancel;
    };
    expect(['epicstar://window/assets/a.js', 'blob:epicstar://window/1', 'devtools://devtools/'].map(cancels)).toEqual([
      false,
      false,
      false,
    ]);
    expect(
      ['https://github.com/', 'http://127.0.0.1/', 'file:///etc/passwd', 'wss://a.b/', 'ftp://a.b/'].map(cancels),
    ).toEqual([true, true, true, true, true]);
    const refusesDownload = (url: string): boolean => {
      let isRefused = false;
      session.emit('will-download', { preventDefault: () => (isRefused = true) }, { getURL: () => url });
      return isRefused;
    };
    expect(refusesDownload('blob:epicstar://window/0a1b')).toBe(false);
    expect(refusesDownload('blob:https://example.org/0a1b')).toBe(true);
    expect(refusesDownload('https://example.org/file.zip')).toBe(true);
    expect(refusesDownload('epicstar://window/api/bundles/m1abc-2')).toBe(false);
    for (const other of ['window/index.html', 'elsewhere/api/bundles/m1', 'window/api/bundles/..%2fx']) {
      expect(refusesDownload(`epicstar://${other}`)).toBe(true);
    }
  });
});
