/**
 * @file The real electron-updater for AppImages, outside Electron: with an application of the test and HTTP by Node. The
 * AppImage is a shell script in a temporary folder.
 */
import { EventEmitter } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type ClientRequest, type IncomingMessage, request, type RequestOptions } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configureRequestUrl, type DownloadOptions, HttpExecutor } from 'builder-util-runtime';
import { AppImageUpdater } from 'electron-updater';
import { Preferences } from '../../src-main/shell/preferences.ts';
import type { Updater, UpdaterOptions } from '../../src-main/shell/updater.ts';
import { appImage } from './app-image.ts';
import { loadStore } from './electron-store.ts';
import { HandTimers } from './hand-timers.ts';
import { createKeptLog, type KeptLog } from './kept-log.ts';
import { makeUpdater } from './test-updater.ts';
import { UpdateServer } from './update-server.ts';
import { waitUntil } from './wait.ts';

class NodeExecutor extends HttpExecutor<ClientRequest> {
  readonly #requests = new Set<ClientRequest>();

  override createRequest(options: RequestOptions, callback: (response: IncomingMessage) => void): ClientRequest {
    const made = request(options, callback);
    this.#requests.add(made);
    made.once('close', () => this.#requests.delete(made));
    return made;
  }

  closeAllConnections(): Promise<void> {
    for (const one of this.#requests) one.destroy();
    return Promise.resolve();
  }

  download(url: URL, destination: string, options: DownloadOptions): Promise<string> {
    return options.cancellationToken.createPromise((resolve, reject, onCancel) => {
      const requestOptions: RequestOptions = { headers: options.headers ?? {} };
      configureRequestUrl(url, requestOptions);
      const callback = (error?: Error | null): void => (error instanceof Error ? reject(error) : resolve(destination));
      this.doDownload(requestOptions, { destination, options, onCancel, callback, responseHandler: null }, 0);
    });
  }
}

const require = createRequire(import.meta.url);

export class UpdaterBench {
  readonly dir: string;
  readonly server: UpdateServer;
  readonly timers = new HandTimers();
  readonly log: KeptLog = createKeptLog();
  readonly preferences: Preferences;
  /** How often the library was loaded. */
  loads = 0;
  quits = 0;
  beforeInstall: () => void = () => undefined;
  readonly #quitHandlers: ((exitCode: number) => void)[] = [];
  readonly #before: Readonly<Record<string, string | undefined>>;
  readonly #updaters: Updater[] = [];

  private constructor(dir: string, server: UpdateServer, preferences: Preferences) {
    this.dir = dir;
    this.server = server;
    this.preferences = preferences;
    this.#before = { APPIMAGE: process.env['APPIMAGE'], TEST_UPDATER_ARCH: process.env['TEST_UPDATER_ARCH'] };
    process.env['APPIMAGE'] = this.appImagePath;
    // So that lists have one name on every processor.
    process.env['TEST_UPDATER_ARCH'] = 'x64';
    // In the place of Electron's own, which the library tells that the end is for an update.
    const path = require.resolve('electron');
    require.cache[path] = Object.assign(new (require('node:module') as new (id: string) => NodeJS.Module)(path), {
      exports: { autoUpdater: new EventEmitter() },
      loaded: true,
    });
  }

  static async open(): Promise<UpdaterBench> {
    const dir = await mkdtemp(join(tmpdir(), 'epicstar-updates-'));
    await mkdir(join(dir, 'programs'));
    const Store = await loadStore();
    const preferences = new Preferences({ Store, dir, now: () => 0, log: createKeptLog() });
    const bench = new UpdaterBench(dir, await UpdateServer.start(), preferences);
    await writeFile(bench.appImagePath, appImage('old'));
    await chmod(bench.appImagePath, 0o755);
    // As the packager writes it into the resources.
    await writeFile(
      join(dir, 'app-update.yml'),
      `provider: generic\nurl: ${bench.server.url}\nupdaterCacheDirName: epicstar-updater\n`,
    );
    return bench;
  }

  get appImagePath(): string {
    return join(this.dir, 'programs', 'epicstar.AppImage');
  }

  /** The program starts: at 1.2.3 unless it is said otherwise. */
  start(options: Partial<UpdaterOptions> = {}): Updater {
    const version = options.version ?? '1.2.3';
    const updater = makeUpdater({
      preferences: this.preferences,
      now: () => this.timers.nowMs,
      setTimer: this.timers.setTimer,
      quit: () => (this.quits += 1),
      beforeInstall: () => this.beforeInstall(),
      log: this.log,
      load: () => Promise.resolve(this.#load(version)),
      ...options,
    });
    this.#updaters.push(updater);
    return updater;
  }

  /** The program ends, as the person or the system wants it. */
  end(): void {
    for (const handler of this.#quitHandlers.splice(0)) handler(0);
  }

  /** What a start of the AppImage left; null: it was not started. */
  async started(): Promise<string> {
    return waitUntil('the AppImage to be started', () =>
      readFile(join(this.dir, 'programs', 'started'), 'utf8').catch(() => null),
    );
  }

  async close(): Promise<void> {
    for (const updater of this.#updaters) updater.stop();
    this.server.release();
    await this.server.close();
    for (const [name, value] of Object.entries(this.#before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    delete require.cache[require.resolve('electron')];
    await rm(this.dir, { recursive: true, force: true, maxRetries: 5 });
  }

  #load(version: string): AppImageUpdater {
    this.loads += 1;
    const library = new AppImageUpdater(null, {
      version,
      name: 'epicstar',
      isPackaged: true,
      appUpdateConfigPath: join(this.dir, 'app-update.yml'),
      userDataPath: join(this.dir, 'data'),
      baseCachePath: join(this.dir, 'cache'),
      whenReady: () => Promise.resolve(),
      relaunch: () => undefined,
      quit: () => (this.quits += 1),
      onQuit: (handler: (exitCode: number) => void) => this.#quitHandlers.push(handler),
    });
    // Its own speaks through Chromium.
    const executor = new NodeExecutor();
    Reflect.set(library, 'httpExecutor', executor);
    Object.defineProperty(library, 'netSession', { value: executor });
    return library;
  }
}

export function stateOf(updater: Updater): ReturnType<Updater['view']>['state'] {
  return updater.view().state;
}

/** Resolves with the state once it is of this kind. */
export function untilState(updater: Updater, kind: string) {
  return waitUntil(`updates to be ${kind}`, () => {
    const shown = stateOf(updater);
    return shown.kind === kind && shown;
  });
}
