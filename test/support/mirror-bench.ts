/**
 * @file A whole engine on stand-ins: GitHub and OneDev (or a folder) are real servers on loopback, git and SQLite are
 * real. What differs from the program is only that everything can be reached by the test.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFolderTarget } from '../../src-main/engine/adapters/folder/folder-target.ts';
import { createGit } from '../../src-main/engine/adapters/git/git.ts';
import { createGithub } from '../../src-main/engine/adapters/github/github.ts';
import { createLfs } from '../../src-main/engine/adapters/lfs/lfs.ts';
import { createOnedevTarget } from '../../src-main/engine/adapters/onedev/onedev-target.ts';
import { openSqliteStore } from '../../src-main/engine/adapters/sqlite/index.ts';
import { createSystemClock } from '../../src-main/engine/adapters/system/clock.ts';
import { createDisk } from '../../src-main/engine/adapters/system/disk.ts';
import { createAgent } from '../../src-main/engine/adapters/system/http-agent.ts';
import { createRedactor } from '../../src-main/engine/adapters/system/redactor.ts';
import type { EngineControl, RepositoryRow, Run } from '../../src-main/engine/core/engine-api.ts';
import { createEngine, type EngineOptions } from '../../src-main/engine/core/engine.ts';
import type { Clock } from '../../src-main/engine/ports/clock.ts';
import type { Disk } from '../../src-main/engine/ports/disk.ts';
import type { Git } from '../../src-main/engine/ports/git.ts';
import type { Log } from '../../src-main/engine/ports/log.ts';
import type { MirrorTarget } from '../../src-main/engine/ports/mirror-target.ts';
import type { Network } from '../../src-main/engine/ports/network.ts';
import type { SecretName, Secrets } from '../../src-main/engine/ports/secrets.ts';
import type { Store } from '../../src-main/engine/ports/store.ts';
import { type Github as GithubStandIn, startGithub } from '../playground/github/index.ts';
import { type Onedev, startOnedev } from '../playground/onedev/index.ts';

export interface MirrorBenchOptions {
  readonly targetKind?: 'onedev' | 'folder';
  readonly options?: Partial<EngineOptions>;
  /** Default: this computer's. */
  readonly clock?: Clock;
  /** Whether the engine sees how much room there is; default: the system does not tell. */
  readonly tellsFree?: boolean;
}

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

interface Opened {
  readonly engine: EngineControl;
  readonly store: Store;
  readonly git: Git;
  readonly target: MirrorTarget;
  close(): Promise<void>;
}

export class MirrorBench {
  readonly dir: string;
  readonly github: GithubStandIn;
  readonly onedev: Onedev;
  readonly githubToken: string;
  readonly lines: LogLine[] = [];
  readonly runs: Run[] = [];
  readonly #options: MirrorBenchOptions;
  readonly #secrets = new Map<SecretName, string>();
  readonly #networkListeners = new Set<(online: boolean) => void>();
  #isOnline = true;
  #opened: Opened | null = null;

  private constructor(dir: string, github: GithubStandIn, onedev: Onedev, options: MirrorBenchOptions) {
    this.dir = dir;
    this.github = github;
    this.onedev = onedev;
    this.#options = options;
    this.githubToken = github.addToken();
    this.#secrets.set('github-token', this.githubToken).set('onedev-token', onedev.adminToken);
  }

  static async start(options: MirrorBenchOptions = {}): Promise<MirrorBench> {
    const dir = await mkdtemp(join(tmpdir(), 'epicstar-bench-'));
    const [github, onedev] = await Promise.all([startGithub(), startOnedev({ dataDir: join(dir, 'onedev') })]);
    return new MirrorBench(dir, github, onedev, options);
  }

  get engine(): EngineControl {
    return this.#need().engine;
  }

  get store(): Store {
    return this.#need().store;
  }

  get git(): Git {
    return this.#need().git;
  }

  get target(): MirrorTarget {
    return this.#need().target;
  }

  get dataDir(): string {
    return join(this.dir, 'data');
  }

  get mirrorFolder(): string {
    return join(this.dir, 'mirrors');
  }

  /** Opens an engine on the data directory, as a start of the program does; it does nothing yet. */
  async open(change: Partial<EngineOptions> = {}): Promise<EngineControl> {
    const clock = this.#options.clock ?? createSystemClock();
    const redactor = createRedactor();
    const log = this.#log({});
    const secrets: Secrets = {
      read: (name) => Promise.resolve(this.#secrets.get(name) ?? null),
      write: (name, value) => Promise.resolve(this.setSecret(name, value)),
      isFixed: () => Promise.resolve(false),
      origin: () => Promise.resolve('this test'),
    };
    const network: Network = {
      isOnline: () => this.#isOnline,
      onChange: (listener) => {
        this.#networkListeners.add(listener);
        return () => this.#networkListeners.delete(listener);
      },
    };
    const agent = createAgent();
    const shared = { clock, log, secrets, redactor, dispatcher: agent };
    const github = createGithub({ ...shared, apiUrl: this.github.apiUrl, version: 'test' });
    const git = createGit({
      cacheRoot: join(this.dataDir, 'cache'),
      homeDir: join(this.dataDir, 'git-home'),
      log,
      redactor,
      clock,
      processEnv: process.env,
      platform: process.platform,
    });
    const target =
      this.#options.targetKind === 'folder'
        ? createFolderTarget({ clock, log, folder: this.mirrorFolder })
        : createOnedevTarget({
            ...shared,
            url: this.onedev.url,
            startupPatienceMs: 2_000,
            startupPollMs: 50,
            tryPush: (remote, signal) => git.tryPush(remote, { signal }),
          });
    const store = await openSqliteStore({ dataDir: this.dataDir });
    const disk: Disk =
      this.#options.tellsFree === true
        ? createDisk(this.dataDir)
        : {
            dataDir: this.dataDir,
            freeBytes: () => Promise.resolve(null),
            writeProblem: () => Promise.resolve(null),
          };
    const engine = createEngine({
      store,
      github,
      target,
      git,
      disk,
      lfs: createLfs({ tempDir: join(this.dataDir, 'lfs'), disk, clock, redactor, dispatcher: agent }),
      clock,
      random: Math.random,
      network,
      log,
      options: {
        concurrency: 4,
        lookEveryMs: 60_000,
        fullWalkEveryMs: 86_400_000,
        sweepEveryMs: 7 * 86_400_000,
        historyMs: 365 * 86_400_000,
        cacheLimitBytes: 1e12,
        ...this.#options.options,
        ...change,
      },
    });
    engine.subscribe('run', (run) => this.runs.push(run));
    this.#opened = {
      engine,
      store,
      git,
      target,
      close: async () => {
        await engine.stop();
        await agent.close();
      },
    };
    return engine;
  }

  /** Looks once and works until nothing is left, as `sync` does. */
  async sync(full = false): Promise<void> {
    if (this.#opened === null) {
      await this.open();
      await this.engine.startOnce();
    }
    await this.engine.lookNow(full);
    await this.engine.drained(75_000);
  }

  async stop(): Promise<void> {
    await this.#opened?.close();
    this.#opened = null;
  }

  async close(): Promise<void> {
    await this.stop();
    await Promise.all([this.github.close(), this.onedev.close()]);
    await rm(this.dir, { recursive: true, force: true });
  }

  /** As on a new machine; only while no engine is open. */
  async forgetData(): Promise<void> {
    await rm(this.dataDir, { recursive: true, force: true });
  }

  setSecret(name: SecretName, value: string | null): void {
    if (value === null) this.#secrets.delete(name);
    else this.#secrets.set(name, value);
  }

  setOnline(online: boolean): void {
    this.#isOnline = online;
    for (const listener of this.#networkListeners) listener(online);
  }

  async row(githubId: number): Promise<RepositoryRow> {
    const row = await this.engine.repository(githubId);
    if (row === null) throw new Error(`no row for ${githubId}`);
    return row;
  }

  /** Folder of the bare repository that holds the mirror with this path below the root. */
  mirrorDir(fullName: string): string {
    if (this.#options.targetKind === 'folder') return join(this.mirrorFolder, `${fullName}.git`);
    const project = this.onedev.world.findByPath(`github/${fullName}`);
    if (project === undefined) throw new Error(`no project github/${fullName}`);
    return this.onedev.repositoryDir(project);
  }

  #need(): Opened {
    if (this.#opened === null) throw new Error('the engine is not open');
    return this.#opened;
  }

  #log(bound: Readonly<Record<string, unknown>>): Log {
    const write =
      (level: string) =>
      (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
        this.lines.push({ level, message, fields: { ...bound, ...fields } });
      };
    return {
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
      child: (fields) => this.#log({ ...bound, ...fields }),
    };
  }
}
