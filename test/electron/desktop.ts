/** @file The desktop program as a person has it before them: tray, windows, and what was handed to the system. */
import type { ElectronApplication, Page } from 'playwright-core';
import { waitUntil } from '../support/wait.ts';
import type { Observed } from './compat/electron.ts';

declare global {
  // Put there by what is loaded before the program, or by the program for the old Electron.
  var observed: Observed;
  var isTiming: (delayMs: number) => boolean;
  var lapse: (byMs: number) => void;
}

export class Desktop {
  readonly app: ElectronApplication;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>;
  readonly complaints: string[] = [];
  readonly #builtIns: string | null;
  #isOver = false;

  constructor(app: ElectronApplication, builtIns: string | null) {
    this.app = app;
    this.#builtIns = builtIns;
    const child = app.process();
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.#isOver = true;
        resolve(signal ?? code);
      });
    });
  }

  /** The first window, when its page is there and can be asked. */
  async window(): Promise<Page> {
    return this.#prepare(await this.app.firstWindow());
  }

  /** The same of the window that is at this address. Ask for each window once. */
  async windowAt(address: RegExp): Promise<Page> {
    const page = await waitUntil(`a window at ${address}`, () =>
      this.app.windows().find((one) => address.test(one.url())),
    );
    return this.#prepare(page);
  }

  async #prepare(page: Page): Promise<Page> {
    page.on('console', (message) => {
      const isComplaint = message.type() === 'error' || message.type() === 'warning';
      // The old Electron does not know the element of the search in lists.
      const isOfOldElectron = /^The tag <%s> is unrecognized in this browser\..* search$/.test(message.text());
      if (isComplaint && !isOfOldElectron) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    await this.#teach(page);
    return page;
  }

  /** Brings what the page's JavaScript lacks into all of its worlds, those of the test's own tools among them. */
  async #teach(page: Page): Promise<void> {
    const source = this.#builtIns;
    if (source === null) return;
    const session = await page.context().newCDPSession(page);
    const taught: Promise<unknown>[] = [];
    session.on('Runtime.executionContextCreated', ({ context }) => {
      const evaluation = { expression: source, contextId: context.id };
      // A world that is gone again needs nothing.
      taught.push(session.send('Runtime.evaluate', evaluation).catch(() => undefined));
    });
    await session.send('Page.addScriptToEvaluateOnNewDocument', { source });
    await session.send('Runtime.enable');
    await Promise.all(taught);
  }

  observe(): Promise<Observed['tray'] & { readonly opened: readonly string[]; readonly warnings: readonly string[] }> {
    return this.app.evaluate(() => {
      const { tray, opened, warnings } = globalThis.observed;
      return { images: tray.images, tooltip: tray.tooltip, menu: null, opened, warnings };
    });
  }

  /** Labels of the tray's menu, those of a menu inside behind `>`. */
  menu(): Promise<readonly string[]> {
    return this.app.evaluate(() => {
      const labels = (menu: Electron.Menu | null | undefined, before: string): string[] =>
        (menu?.items ?? []).flatMap((item) =>
          item.type === 'separator'
            ? []
            : [`${before}${item.label}`, ...labels(item.submenu, `${before}${item.label} > `)],
        );
      return labels(globalThis.observed.tray.menu, '');
    });
  }

  /** Clicks the tray icon as a desktop does. @param bounds where it tells the icon to be; null: it does not tell */
  async clickIcon(bounds: Electron.Rectangle | null): Promise<void> {
    await this.app.evaluate((_electron, told) => {
      globalThis.observed.icon.bounds = told;
      // What a test has evaluated may interrupt what runs; what a desktop does never does.
      return new Promise<void>((resolve) => {
        setImmediate(() => {
          globalThis.observed.icon.click();
          resolve();
        });
      });
    }, bounds ?? { x: 0, y: 0, width: 0, height: 0 });
  }

  /** Presses an entry of the tray's menu. @param path labels from the outside in */
  async press(...path: readonly string[]): Promise<void> {
    await this.app.evaluate((_electron, labels) => {
      let menu = globalThis.observed.tray.menu;
      labels.forEach((label, index) => {
        const item = (menu?.items ?? []).find((one) => one.label === label);
        if (item === undefined) throw new Error(`the tray has no ${label}`);
        // By itself, as in clickIcon; nobody may be there to answer when it is over.
        if (index === labels.length - 1) setImmediate(item.click as () => void);
        menu = item.submenu ?? null;
      });
    }, path);
  }

  /** Lets time go by for the program: timers of 2 s and more that are due by then fire. */
  async lapse(byMs: number): Promise<void> {
    await this.app.evaluate(
      (_electron, ms) =>
        new Promise<void>((resolve) => {
          setImmediate(() => {
            globalThis.lapse(ms);
            resolve();
          });
        }),
      byMs,
    );
  }

  /** Whether the program waits for exactly so long, for whatever it is. */
  isTiming(delayMs: number): Promise<boolean> {
    return this.app.evaluate((_electron, ms) => globalThis.isTiming(ms), delayMs);
  }

  /** The pixels of pictures in files, each as one text; empty where there is no picture. */
  pixels(files: readonly string[]): Promise<readonly string[]> {
    return this.app.evaluate(
      ({ nativeImage }, paths) => paths.map((path) => nativeImage.createFromPath(path).toBitmap().toString('base64')),
      files,
    );
  }

  tooltip(pattern: RegExp): Promise<boolean> {
    return waitUntil(`the tray to say ${pattern}`, async () => pattern.test((await this.observe()).tooltip));
  }

  windows(): Promise<readonly { readonly isVisible: boolean; readonly bounds: Electron.Rectangle }[]> {
    return this.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((window) => ({ isVisible: window.isVisible(), bounds: window.getBounds() })),
    );
  }

  visible(count: number): Promise<boolean> {
    return waitUntil(
      `${count} windows to be seen`,
      async () => (await this.windows()).filter(({ isVisible }) => isVisible).length === count,
    );
  }

  /** For the end of a test that failed: whatever state it is in. */
  async kill(): Promise<void> {
    if (this.#isOver) return;
    this.app.process().kill('SIGKILL');
    await this.ended;
  }
}
