/**
 * @file The desktop program on a real Electron, attached to an engine elsewhere, as a person has it before them: tray,
 * windows, and what was handed to the system.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { findElectron9 } from '../../scripts/electron9.mjs';
import { waitUntil } from '../support/wait.ts';
import { buildForOldElectron } from './compat/build.ts';
import type { Observed } from './compat/electron.ts';
import { VirtualDesktop } from './virtual-desktop.ts';

const found = findElectron9();
const resourcesDir = join(import.meta.dirname, '..', '..', 'resources');

/** Why these tests cannot run here; null: they can. */
export const refusal: string | null = found.isAvailable ? null : found.reason;

export interface EngineAddress {
  readonly url: string;
  readonly token: string;
}

declare global {
  // Put there by the program for the old Electron.
  var observed: Observed;
}

/** One display and one build for a file of tests. */
export class DesktopBench {
  readonly dir: string;
  readonly #desktop: VirtualDesktop;
  readonly #builtIns: string;
  readonly #running = new Set<Desktop>();
  readonly #starts = new Set<PlainStart>();

  private constructor(dir: string, desktop: VirtualDesktop, builtIns: string) {
    this.dir = dir;
    this.#desktop = desktop;
    this.#builtIns = builtIns;
  }

  static async open(): Promise<DesktopBench> {
    const dir = await mkdtemp(join(tmpdir(), 'epicstar-desktop-'));
    await buildForOldElectron(join(dir, 'built'));
    const builtIns = await readFile(join(dir, 'built', 'page', 'built-ins.js'), 'utf8');
    return new DesktopBench(dir, await VirtualDesktop.start(), builtIns);
  }

  makeHome(): Promise<string> {
    return mkdtemp(join(this.dir, 'home-'));
  }

  #command(args: readonly string[]): { readonly executablePath: string; readonly args: string[] } {
    if (!found.isAvailable) throw new Error(found.reason);
    const main = join(this.dir, 'built', 'main', 'main.cjs');
    return { executablePath: found.executablePath, args: [...found.args, main, ...args] };
  }

  #env(home: string, engine: EngineAddress): Record<string, string> {
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      TZ: 'UTC',
      NODE_ENV: 'production',
      ...this.#desktop.env,
      EPICSTAR_DATA_DIR: home,
      EPICSTAR_ATTACH_URL: engine.url.replace(/\/$/, ''),
      EPICSTAR_ATTACH_TOKEN: engine.token,
      EPICSTAR_TEST_BUILT_DIR: join(this.dir, 'built'),
      EPICSTAR_TEST_RESOURCES_DIR: resourcesDir,
    };
  }

  /** @param home its data directory */
  async launch(home: string, engine: EngineAddress, args: readonly string[] = []): Promise<Desktop> {
    const app = await _electron.launch({ ...this.#command(args), env: this.#env(home, engine) });
    const desktop = new Desktop(app, this.#builtIns);
    this.#running.add(desktop);
    return desktop;
  }

  /** A start that no test tool looks into: this Electron may crash at its end where one does. */
  start(home: string, engine: EngineAddress, args: readonly string[] = []): PlainStart {
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

export class PlainStart {
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>;
  readonly #child: ChildProcess;
  #text = '';
  #isOver = false;

  constructor(executablePath: string, args: readonly string[], env: Record<string, string>) {
    const child = spawn(executablePath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
    this.#child = child;
    child.stdout.setEncoding('utf8').on('data', (part: string) => (this.#text += part));
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        this.#isOver = true;
        resolve(signal ?? code);
      });
    });
  }

  /** Resolves when the tray says this. */
  says(pattern: RegExp): Promise<boolean> {
    return waitUntil(`the tray to say ${pattern}`, () => pattern.test(this.#text));
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async kill(): Promise<void> {
    if (this.#isOver) return;
    this.signal('SIGKILL');
    await this.ended;
  }
}

export class Desktop {
  readonly app: ElectronApplication;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>;
  readonly complaints: string[] = [];
  readonly #builtIns: string;
  #isOver = false;

  constructor(app: ElectronApplication, builtIns: string) {
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

  /** The window, when its page is there and can be asked. */
  async window(): Promise<Page> {
    const page = await this.app.firstWindow();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    await this.#teach(page);
    return page;
  }

  /** Brings what the page's JavaScript lacks into all of its worlds, those of the test's own tools among them. */
  async #teach(page: Page): Promise<void> {
    const session = await page.context().newCDPSession(page);
    const taught: Promise<unknown>[] = [];
    session.on('Runtime.executionContextCreated', ({ context }) => {
      const evaluation = { expression: this.#builtIns, contextId: context.id };
      // A world that is gone again needs nothing.
      taught.push(session.send('Runtime.evaluate', evaluation).catch(() => undefined));
    });
    await session.send('Page.addScriptToEvaluateOnNewDocument', { source: this.#builtIns });
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
