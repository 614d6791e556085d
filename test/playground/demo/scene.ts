/** @file What stands on the stage: the stand-ins, the repositories, and what happens to them while one watches. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Github, startGithub } from '../github/index.ts';
import { type Onedev, startOnedev } from '../onedev/index.ts';
import {
  addCommit,
  type GeneratedRepository,
  generateRepositories,
  generateSmall,
  readTips,
  rewriteHistory,
  runGit,
} from '../repositories/index.ts';
import type { DemoOptions } from './options.ts';

export interface Upstream {
  readonly githubId: number;
  readonly fullName: string;
  readonly bareDir: string;
}

export interface Difference {
  readonly fullName: string;
  readonly refs: readonly string[];
}

/** OneDev's hooks cannot carry `+ & = %`, its pages not `#`: such refs are left out of a mirror there. */
const unfitForOnedev = /[+&=%#]/;

export class Scene {
  readonly dir: string;
  readonly github: Github;
  readonly #onedev: Onedev | null;
  readonly #options: DemoOptions;
  readonly #upstreams: Upstream[] = [];
  #vanished: { readonly fullName: string; readonly tips: Readonly<Record<string, string>> } | null = null;
  #rewritten: { readonly upstream: Upstream; readonly lostTips: readonly string[] } | null = null;

  private constructor(dir: string, github: Github, onedev: Onedev | null, options: DemoOptions) {
    this.dir = dir;
    this.github = github;
    this.#onedev = onedev;
    this.#options = options;
  }

  static async set(options: DemoOptions): Promise<Scene> {
    const dir = await mkdtemp(join(tmpdir(), 'epicstar-demo-'));
    const onedev = options.target === 'onedev' ? await startOnedev({ dataDir: join(dir, 'onedev') }) : null;
    if (options.target === 'folder') await mkdir(join(dir, 'mirrors'));
    const scene = new Scene(dir, await startGithub(), onedev, options);
    try {
      await scene.#fill();
      return scene;
    } catch (error) {
      await scene.clear();
      throw error;
    }
  }

  async #fill(): Promise<void> {
    // Small blobs push and fetch too fast to be watched; 30 MB show their progress.
    const own = this.#options.repositories;
    const all = own ?? (await generateRepositories(join(this.dir, 'upstream'), { bigMegabytes: 30 }));
    for (const one of all) this.#star(one);
  }

  get starCount(): number {
    return this.#upstreams.length;
  }

  get targetAddress(): string {
    return this.#onedev?.url ?? join(this.dir, 'mirrors');
  }

  /** What the program is told. */
  get environment(): Readonly<Record<string, string>> {
    return {
      EPICSTAR_DATA_DIR: join(this.dir, 'data'),
      EPICSTAR_GITHUB_API_URL: this.github.apiUrl,
      EPICSTAR_GITHUB_TOKEN: this.github.addToken(),
      EPICSTAR_POLL_SECONDS: '30',
      ...(this.#onedev === null
        ? { EPICSTAR_TARGET: 'folder', EPICSTAR_FOLDER: join(this.dir, 'mirrors') }
        : { EPICSTAR_ONEDEV_URL: this.#onedev.url, EPICSTAR_ONEDEV_TOKEN: this.#onedev.adminToken }),
    };
  }

  /** Somebody stars one more repository. @returns its name */
  async starOneMore(): Promise<string> {
    const [one] = await generateSmall(join(this.dir, 'later'), 1);
    if (one === undefined) throw new Error('nothing was generated');
    return this.#star({ ...one, fullName: 'hedy/frequency-hopping' }).fullName;
  }

  /** Upstream force-pushes. Null where the repositories are the person's own: those are only read. */
  async rewriteOne(): Promise<string | null> {
    const upstream = this.#upstreams.find(({ fullName }) => fullName === 'grace/compiler');
    if (this.#options.repositories !== null || upstream === undefined) return null;
    const before = await readTips(upstream.bareDir);
    await rewriteHistory(upstream.bareDir);
    await addCommit(upstream.bareDir, 'main', 'after the rewrite');
    const after = new Set(Object.values(await readTips(upstream.bareDir)));
    const lostTips = Object.values(before).filter((oid) => !after.has(oid));
    this.github.world.pushed(upstream.githubId);
    this.#rewritten = { upstream, lostTips };
    return upstream.fullName;
  }

  /** Kept refs of the repository that was rewritten, as they lie in its mirror now. */
  async keptRefs(): Promise<readonly string[]> {
    if (this.#rewritten === null) return [];
    const tips = await readTips(this.#mirrorDir(this.#rewritten.upstream.fullName));
    return Object.keys(tips).filter((ref) => ref.startsWith('refs/epicstar/kept/'));
  }

  /** Tips that the rewrite took away upstream and that the mirror does not hold: none, if all is well. */
  async lostTips(): Promise<readonly string[]> {
    if (this.#rewritten === null) return [];
    const tips = await readTips(this.#mirrorDir(this.#rewritten.upstream.fullName));
    const held = new Set(Object.values(tips));
    return this.#rewritten.lostTips.filter((oid) => !held.has(oid));
  }

  /**
   * Upstream deletes a repository for good: its id, its name and its files. Null where the repositories are the person's
   * own.
   */
  async vanishOne(): Promise<string | null> {
    const upstream = this.#upstreams.find(({ fullName }) => fullName === 'ada/notes') ?? this.#upstreams.at(-1);
    if (this.#options.repositories !== null || upstream === undefined) return null;
    const tips = await readTips(upstream.bareDir);
    this.github.world.remove(upstream.githubId);
    await rm(upstream.bareDir, { recursive: true, force: true });
    this.#upstreams.splice(this.#upstreams.indexOf(upstream), 1);
    this.#vanished = { fullName: upstream.fullName, tips };
    return upstream.fullName;
  }

  /** Clones the mirror of what vanished by git alone. @returns where to, and the refs that are not as they were last */
  async cloneVanished(): Promise<{ readonly dir: string; readonly refs: readonly string[]; readonly count: number }> {
    if (this.#vanished === null) throw new Error('nothing has vanished');
    const { fullName, tips } = this.#vanished;
    const dir = join(this.dir, 'rescued', `${fullName}.git`);
    await mkdir(join(this.dir, 'rescued'), { recursive: true });
    await runGit(this.dir, ['clone', '--quiet', '--mirror', this.#mirrorDir(fullName), dir]);
    await runGit(dir, ['fsck', '--connectivity-only']);
    const cloned = await readTips(dir);
    const wanted = Object.keys(tips).filter((ref) => this.#isMirrored(ref));
    return { dir, count: wanted.length, refs: wanted.filter((ref) => cloned[ref] !== tips[ref]) };
  }

  /** Compares every upstream with its mirror by git alone, without a word of the program. */
  async differences(): Promise<readonly Difference[]> {
    const all = await Promise.all(this.#upstreams.map((upstream) => this.#compare(upstream)));
    return all.filter(({ refs }) => refs.length > 0);
  }

  async clear(): Promise<void> {
    await Promise.all([this.github.close(), this.#onedev?.close()]);
    if (!this.#options.keep) await rm(this.dir, { recursive: true, force: true });
  }

  async #compare({ fullName, bareDir }: Upstream): Promise<Difference> {
    const [source, mirror] = await Promise.all([readTips(bareDir), readTips(this.#mirrorDir(fullName))]);
    const refs = new Set([...Object.keys(source), ...Object.keys(mirror)].filter((ref) => this.#isMirrored(ref)));
    return { fullName, refs: [...refs].filter((ref) => source[ref] !== mirror[ref]) };
  }

  #isMirrored(ref: string): boolean {
    const isUnfit = this.#onedev !== null && unfitForOnedev.test(ref);
    return /^refs\/(heads|tags)\//.test(ref) && !isUnfit;
  }

  #mirrorDir(fullName: string): string {
    if (this.#onedev === null) return join(this.dir, 'mirrors', `${fullName}.git`);
    const project = this.#onedev.world.findByPath(`github/${fullName}`);
    if (project === undefined) throw new Error(`OneDev has no project github/${fullName}`);
    return this.#onedev.repositoryDir(project);
  }

  #star(one: Partial<GeneratedRepository> & { readonly fullName: string; readonly bareDir: string }): Upstream {
    const githubId = this.github.world.addRepository(one);
    this.github.world.star(githubId);
    const upstream = { githubId, fullName: one.fullName, bareDir: one.bareDir };
    this.#upstreams.push(upstream);
    return upstream;
  }
}
