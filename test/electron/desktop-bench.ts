/**
 * @file The desktop program on a real Electron, attached to an engine elsewhere, as a person has it before them: tray,
 * windows, and what was handed to the system.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { waitUntil } from '../support/wait.ts';
import type { Observed } from './compat/electron.ts';
import { type BuiltProgram, buildProgram } from './electron-runtime.ts';
import { PlainStart } from './plain-start.ts';
import { type Panel, type ScreenSize, VirtualDesktop } from './virtual-desktop.ts';

export { refusal } from './electron-runtime.ts';

export interface EngineAddress {
  readonly url: string;
  readonly token: string;
}

/** The program's own engine, with these variables. A modern Electron alone has it. */
export interface OwnEngine {
  readonly environment: Readonly<Record<string, string>>;
}

declare global {
  // Put there by what is loaded before the program, or by the program for the old Electron.
  var observed: Observed;
  var isTiming: (delayMs: number) => boolean;
  var lapse: (byMs: number) => void;
}

/** One display and one build for a file of tests. */
export class DesktopBench {
  readonly dir: string;
  readonly #desktop: VirtualDesktop;
  readonly #program: BuiltProgram;
  readonly #running = new Set<Desktop>();
  readonly #starts = new Set<PlainStart>();

  private constructor(dir: string, desktop: VirtualDesktop, program: BuiltProgram) {
    this.dir = dir;
    this.#desktop = desktop;
    this.#program = program;
  }

  /** @param options.hasPanel whether somebody on the session bus shows tray items and notifications */
  static async open({
    hasPanel = false,
    screen,
  }: {
    readonly hasPanel?: boolean;
    readonly screen?: ScreenSize;
  } = {}): Promise<DesktopBench> {
    const dir = await mkdtemp(join(tmpdir(), 'epicstar-desktop-'));
    await mkdir(join(dir, 'tmp'));
    const program = await buildProgram(dir);
    return new DesktopBench(dir, await VirtualDesktop.start(dir, hasPanel, screen), program);
  }

  get panel(): Panel {
    return this.#desktop.panel;
  }

  /** The built preload. */
  get preloadPath(): string {
    return this.#program.preloadPath;
  }

  /** As {@link VirtualDesktop.screen}. */
  screen(): Promise<Buffer> {
    return this.#desktop.screen();
  }

  makeHome(): Promise<string> {
    return mkdtemp(join(this.dir, 'home-'));
  }

  #command(args: readonly string[]): { readonly executablePath: string; readonly args: string[] } {
    const { executablePath, args: before } = this.#program;
    return { executablePath, args: [...before, ...args] };
  }

  #env(home: string, engine: EngineAddress | OwnEngine): Record<string, string> {
    const ofEngine =
      'environment' in engine
        ? engine.environment
        : { EPICSTAR_ATTACH_URL: engine.url.replace(/\/$/, ''), EPICSTAR_ATTACH_TOKEN: engine.token };
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      TMPDIR: join(this.dir, 'tmp'),
      TZ: 'UTC',
      NODE_ENV: 'production',
      ...this.#desktop.env,
      ...ofEngine,
      EPICSTAR_DATA_DIR: home,
      ...this.#program.env,
    };
  }

  /** @param home its data directory @param env of the desktop it is on */
  async launch(
    home: string,
    engine: EngineAddress | OwnEngine,
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Desktop> {
    const app = await _electron.launch({ ...this.#command(args), env: { ...this.#env(home, engine), ...env } });
    const desktop = new Desktop(app, this.#program.builtIns);
    this.#running.add(desktop);
    return desktop;
  }

  /** A start that no test tool looks into: the old Electron may crash at its end where one does. */
  start(home: string, engine: EngineAddress | OwnEngine, args: readonly string[] = []): PlainStart {
    const { executablePath, args: all } = this.#command(args);
    const start = new PlainStart(executablePath, all, this.#env(home, engine));
    this.#starts.add(start);
    return start;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running, ...this.#starts].map((one) => one.kill()));
    await this.#desktop.close();
    await rm(this.dir, { recursive: true, force: true, maxRetries: 5 });
  }
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
      globalThis.observed.icon.click();
    }, bounds ?? { x: 0, y: 0, width: 0, height: 0 });
  }

  /** Presses an entry of the tray's menu. @param path labels from the outside in */
  async press(...path: readonly string[]): Promise<void> {
    await this.app.evaluate((_electron, labels) => {
      let menu = globalThis.observed.tray.menu;
      labels.forEach((label, index) => {
        const item = (menu?.items ?? []).find((one) => one.label === label);
        if (item === undefined) throw new Error(`the tray has no ${label}`);
        if (index === labels.length - 1) (item.click as () => void)();
        menu = item.submenu ?? null;
      });
    }, path);
  }

  /** Lets time go by for the program: timers of 2 s and more that are due by then fire. */
  async lapse(byMs: number): Promise<void> {
    await this.app.evaluate((_electron, ms) => globalThis.lapse(ms), byMs);
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
