/** @file Starts the desktop program on a real Electron, attached to an engine elsewhere, on a desktop of its own. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron } from 'playwright-core';
import { Desktop } from './desktop.ts';
import { type BuiltProgram, buildProgram } from './electron-runtime.ts';
import { PlainStart } from './plain-start.ts';
import type { TrayItem } from './tray-host.ts';
import { type Panel, type ScreenSize, VirtualDesktop } from './virtual-desktop.ts';

export { Desktop } from './desktop.ts';
export { refusal } from './electron-runtime.ts';

const mostStarts = 4;
const itemWithinMs = 5_000;

export interface EngineAddress {
  readonly url: string;
  readonly token: string;
}

/** The program's own engine, with these variables. A modern Electron alone has it. */
export interface OwnEngine {
  readonly environment: Readonly<Record<string, string>>;
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

  /**
   * With the item that the panel has of it. One start in thirty or so of the old Electron puts its icon elsewhere: the
   * library that it has for this never asks for the panel then. So it is started again.
   */
  async launchInTray(
    engine: EngineAddress,
    args: readonly string[] = ['--hidden'],
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly desktop: Desktop; readonly item: TrayItem }> {
    for (let starts = 0; starts < mostStarts; starts += 1) {
      const desktop = await this.launch(await this.makeHome(), engine, args, env);
      const item = await this.panel.tray.nextItem(itemWithinMs);
      if (item !== null) return { desktop, item };
      await desktop.kill();
    }
    throw new Error(`no item in the tray after ${mostStarts} starts`);
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
