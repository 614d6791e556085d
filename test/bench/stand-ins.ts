/** @file What both sides of a comparison run against, and what it cost on this side of the wire. */
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Github, startGithub } from '../playground/github/index.ts';
import { type Onedev, startOnedev } from '../playground/onedev/index.ts';

export interface Cost {
  /** GitHub, by the stand-in's own count. */
  readonly githubRest: number;
  readonly githubGit: number;
  readonly onedevRest: number;
  readonly onedevGit: number;
}

/** CPU time of this process and of every child that has ended; null where the system does not tell. */
export function cpuOfAllMs(): number | null {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]) * 10, 0);
  } catch {
    return null;
  }
}

/** GitHub with its stars stays; OneDev and the data directory are new for each run. */
export class StandIns {
  readonly dir: string;
  readonly github: Github;
  readonly githubToken: string;
  #runs = 0;

  private constructor(dir: string, github: Github) {
    this.dir = dir;
    this.github = github;
    this.githubToken = github.addToken();
  }

  static async start(): Promise<StandIns> {
    const dir = await mkdtemp(join(tmpdir(), 'epicstar-measure-'));
    return new StandIns(dir, await startGithub());
  }

  /** A folder that does not exist yet, a OneDev without a project, and GitHub's log empty. */
  async fresh(): Promise<Run> {
    this.#runs += 1;
    const dir = join(this.dir, `run-${this.#runs}`);
    await mkdir(dir);
    const onedev = await startOnedev({ dataDir: join(dir, 'onedev') });
    this.github.log.clear();
    return new Run(this, dir, onedev);
  }

  async close(): Promise<void> {
    await this.github.close();
    await rm(this.dir, { recursive: true, force: true });
  }
}

export class Run {
  readonly dir: string;
  readonly onedev: Onedev;
  readonly #standIns: StandIns;

  constructor(standIns: StandIns, dir: string, onedev: Onedev) {
    this.#standIns = standIns;
    this.dir = dir;
    this.onedev = onedev;
  }

  get dataDir(): string {
    return join(this.dir, 'data');
  }

  /** What the program is told. */
  get environment(): Readonly<Record<string, string>> {
    return {
      EPICSTAR_DATA_DIR: this.dataDir,
      EPICSTAR_GITHUB_API_URL: this.#standIns.github.apiUrl,
      EPICSTAR_GITHUB_TOKEN: this.#standIns.githubToken,
      EPICSTAR_ONEDEV_URL: this.onedev.url,
      EPICSTAR_ONEDEV_TOKEN: this.onedev.adminToken,
    };
  }

  cost(): Cost {
    const { log } = this.#standIns.github;
    return {
      githubRest: log.count({ kind: 'rest' }),
      githubGit: log.count({ kind: 'git' }),
      onedevRest: this.onedev.log.count({ kind: 'rest' }),
      onedevGit: this.onedev.log.count({ kind: 'git' }),
    };
  }

  async close(): Promise<void> {
    await this.onedev.close();
    await rm(this.dir, { recursive: true, force: true });
  }
}
