/** @file What pages of the desktop program cannot do, on a real Electron: its own page, and foreign ones by mistake. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebBench, benchToken } from '../support/web-bench.ts';
import { waitUntil } from '../support/wait.ts';
import { type Desktop, DesktopBench, refusal } from './desktop-bench.ts';

const own = 'epicstar://window/index.html#/';

describe('pages of the desktop program', () => {
  let bench: DesktopBench;
  let web: WebBench;
  let desktop: Desktop;
  let page: Page;
  let preloadPath: string;

  /** Warnings of the shell since the last call. */
  let heard = 0;
  async function newWarnings(count: number): Promise<readonly string[]> {
    const all = async (): Promise<readonly string[]> => (await desktop.observe()).warnings.slice(heard);
    await waitUntil(`${count} refusals to be logged`, async () => (await all()).length >= count);
    const warnings = await all();
    heard += warnings.length;
    return warnings;
  }

  beforeAll(async () => {
    if (refusal !== null) return;
    web = new WebBench();
    [bench] = await Promise.all([DesktopBench.open(), web.start()]);
    ({ preloadPath } = bench);
    desktop = await bench.launch(await bench.makeHome(), { url: web.host.url, token: benchToken });
    page = await desktop.window();
    await page.locator('.state').waitFor();
  });
  beforeEach(({ skip }) => {
    if (refusal !== null) skip(refusal);
  });
  afterAll(async () => {
    await bench?.close();
    await web?.end();
  });

  test('reach neither node nor Electron, and two functions of the link', async () => {
    const reached = await page.evaluate(() => ({
      names: ['require', 'module', 'process', 'Buffer', 'global', 'electron', 'ipcRenderer', '__dirname'].filter(
        (name) => name in globalThis,
      ),
      link: Object.entries(Reflect.get(globalThis, 'epicstarLink') as object).map(([name, value]) => [
        name,
        typeof value,
      ]),
    }));
    expect(reached.names).toEqual([]);
    expect(reached.link).toEqual([
      ['open', 'function'],
      ['send', 'function'],
    ]);
  });

  test('have no link in their frames', async () => {
    const reached = await page.evaluate(() => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      const names = ['epicstarLink', 'require', 'process'].filter((name) => name in (frame.contentWindow ?? window));
      frame.remove();
      return names;
    });
    expect(reached).toEqual([]);
  });

  test.each(['https://example.org/', 'data:text/html,hello', 'file:///etc/passwd', 'epicstar://elsewhere/index.html'])(
    'stay where they are when told to go to %s',
    async (address) => {
      await page.evaluate((url) => {
        const link = document.createElement('a');
        link.href = url;
        document.body.append(link);
        link.click();
        link.remove();
        window.location.href = url;
      }, address);
      expect(await page.evaluate(() => window.location.href)).toBe(own);
      expect(await desktop.windows()).toHaveLength(1);
      await page.locator('.state').waitFor();
    },
  );

  test('the shell logged who wanted to leave', async () => {
    const warnings = await newWarnings(1);
    expect(warnings.filter((text) => !text.startsWith('a page that wanted to leave was kept'))).toEqual([]);
  });

  test('get no window of their own', async () => {
    const answers = await page.evaluate(() => [
      window.open('about:blank') === null,
      window.open('data:text/html,hello') === null,
      window.open('epicstar://window/index.html') === null,
    ]);
    expect(answers).toEqual([true, true, true]);
    expect(await desktop.windows()).toHaveLength(1);
    expect((await newWarnings(3)).every((text) => text.startsWith('a page that is not on the list'))).toBe(true);
  });

  test('get no permission', async () => {
    const answers = await page.evaluate(async () => {
      const outcome = async (work: Promise<unknown>): Promise<string> => {
        try {
          await work;
          return 'given';
        } catch (error) {
          return error instanceof Error ? error.name : 'refused';
        }
      };
      const { geolocation, mediaDevices, clipboard } = navigator;
      return {
        notifications: await Notification.requestPermission(),
        place: await outcome(new Promise((resolve, reject) => geolocation.getCurrentPosition(resolve, reject))),
        media: await outcome(mediaDevices.getUserMedia({ audio: true, video: true })),
        reading: await outcome(clipboard.readText()),
      };
    });
    expect(answers.notifications).toBe('denied');
    expect(Object.entries(answers).filter(([, answer]) => answer === 'given')).toEqual([]);
  });

  test('load and run nothing but their own files', async () => {
    const refused = await page.evaluate(async (engineUrl) => {
      const directives = new Set<string>();
      document.addEventListener('securitypolicyviolation', ({ violatedDirective }) =>
        directives.add(violatedDirective),
      );
      const failed = async (work: () => Promise<unknown>): Promise<boolean> => {
        try {
          await work();
          return false;
        } catch {
          return true;
        }
      };
      const add = (make: () => HTMLElement): void => document.body.append(make());
      add(() => Object.assign(document.createElement('iframe'), { src: 'data:text/html,hello' }));
      add(() => Object.assign(document.createElement('img'), { src: `${engineUrl}favicon.ico` }));
      add(() => Object.assign(document.createElement('script'), { textContent: 'window.wasInline = true' }));
      const fetchFailed = await failed(() => fetch(`${engineUrl}healthz`));
      // In a task of its own: what a test runs itself may do it.
      const construct = (): Promise<unknown> => Promise.resolve(Reflect.construct(Function, ['return 1']));
      const evalFailed = await new Promise((resolve) => setTimeout(() => resolve(failed(construct)), 0));
      const workerFailed = await failed(async () => new Worker('data:text/javascript,1'));
      // The last one is told of when the frame is there.
      for (let turn = 0; turn < 100 && ![...directives].some((name) => name.startsWith('frame-src')); turn += 1) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return {
        fetchFailed,
        evalFailed,
        workerFailed,
        wasInline: 'wasInline' in window,
        directives: [...directives].map((name) => name.replace(/-elem$/, '')).sort(),
      };
    }, web.host.url);
    expect(refused).toMatchObject({ fetchFailed: true, evalFailed: true, workerFailed: true, wasInline: false });
    expect(refused.directives).toEqual(expect.arrayContaining(['connect-src', 'frame-src', 'img-src', 'script-src']));
  });

  test('are refused by name for calls that do not exist, wrong arguments and nonsense', async () => {
    const answers = await page.evaluate(async () => {
      const link = Reflect.get(globalThis, 'epicstarLink') as {
        open(onMessage: (text: string) => void, onStatus: (status: string) => void): void;
        send(text: unknown): void;
      };
      const wanted = 4;
      const names: string[] = [];
      await new Promise<void>((resolve) => {
        link.open(
          (text) => {
            const message = JSON.parse(text) as { result?: { error?: { name: string } }; error?: { name: string } };
            const name = message.result?.error?.name ?? message.error?.name;
            if (name !== undefined) names.push(name);
            if (names.length === wanted) resolve();
          },
          (status) => {
            if (status !== 'open') return;
            const call = (id: number, name: string, argument: unknown): void =>
              link.send(JSON.stringify({ type: 'call', id, call: name, argument }));
            call(1, 'constructor', {});
            call(2, 'pause.set', { until: 'tomorrow' });
            link.send('{"type":"call"');
            link.send(JSON.stringify({ type: 'listen', id: 3, topic: '__proto__' }));
            // Not even a text.
            link.send({ type: 'call', id: 4, call: 'overview.get', argument: {} });
          },
        );
      });
      return names;
    });
    expect(answers.toSorted()).toEqual(['malformed-message', 'unknown-call', 'unknown-topic', 'wrong-argument']);
  });

  test('load themselves again and go on', async () => {
    await page.reload();
    await page.waitForFunction(() => document.querySelector('.state') !== null);
    expect(await desktop.tooltip(/are safe$/)).toBe(true);
  });

  test('that are foreign get no word through the link, nor out of the program', async () => {
    await newWarnings(0);
    // Lets everybody in, so that only the program itself can be what keeps the page from it.
    let requests = 0;
    const open = createServer((_request, response) => {
      requests += 1;
      response.setHeader('access-control-allow-origin', '*').end('hello');
    });
    open.listen(0, '127.0.0.1');
    await once(open, 'listening');
    const { port } = open.address() as AddressInfo;
    const address = `data:text/html,<title>foreign</title>${'<p>hello'.repeat(2)}`;
    const outcome = await desktop.app.evaluate(
      async ({ BrowserWindow }, { url, preload, openUrl }) => {
        const window = new BrowserWindow({
          show: false,
          webPreferences: { preload, sandbox: true, contextIsolation: true },
        });
        await window.loadURL(url);
        const told: unknown = await window.webContents.executeJavaScript(`new Promise((resolve) => {
          let messages = 0;
          epicstarLink.open(() => (messages += 1), () => (messages += 1));
          epicstarLink.send(JSON.stringify({ type: 'call', id: 1, call: 'pause.set', argument: { until: null } }));
          fetch(${JSON.stringify(openUrl)}).then(() => 'loaded', () => 'refused').then((request) =>
            setTimeout(() => resolve({ messages, request }), 300));
        })`);
        window.destroy();
        return told;
      },
      { url: address, preload: preloadPath, openUrl: `http://127.0.0.1:${port}/` },
    );
    open.close();
    expect(outcome).toEqual({ messages: 0, request: 'refused' });
    expect(requests).toBe(0);
    const warnings = await newWarnings(2);
    expect(warnings.every((text) => text.startsWith('a message of a page that is not ours was refused'))).toBe(true);
    await desktop.tooltip(/are safe$/);
  });

  test('get their own files with the content policy, and nothing else', async () => {
    const statuses = await desktop.app.evaluate(
      async ({ BrowserWindow }, paths) => {
        const window = new BrowserWindow({ show: false, webPreferences: { sandbox: true, contextIsolation: true } });
        const found: Record<string, unknown> = {};
        for (const path of paths) {
          const navigated = new Promise((resolve) => {
            window.webContents.once('did-navigate', (_event, _url, status) => resolve(status));
          });
          await window.loadURL(`epicstar://${path}`).catch(() => undefined);
          const text: unknown = await window.webContents.executeJavaScript('document.documentElement.innerText');
          found[path] = [await navigated, String(text).trim().slice(0, 40)];
        }
        window.destroy();
        return found;
      },
      [
        'window/nothing.html',
        'window/',
        'window/assets/',
        'window/../main/main.cjs',
        'window/%2e%2e/main/main.cjs',
        'window/..%2fmain%2fmain.cjs',
        'window/%2fetc%2fpasswd',
        'window/assets%5c..%5cindex.html',
        'window/.hidden.html',
        'elsewhere/index.html',
      ],
    );
    const nothing = [404, 'There is nothing here.'];
    const { 'window/': index, ...others } = statuses;
    expect(index).toEqual([200, expect.any(String)]);
    for (const [path, answer] of Object.entries(others)) expect([path, answer]).toEqual([path, nothing]);
  });
});
