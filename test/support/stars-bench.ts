/**
 * @file An engine with thousands of stars in a real store: whatever is read, searched, filtered, sorted, chosen or asked
 * for is the product's own work; all else is scripted.
 */
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../src-main/engine/adapters/sqlite/index.ts';
import { createUnsetTarget } from '../../src-main/engine/adapters/system/unset-target.ts';
import type { Answer, Overview, RepositoryQuery, RunQuery } from '../../src-main/engine/core/engine-api.ts';
import { SelectionKeeper } from '../../src-main/engine/core/selection-keeper.ts';
import type { Store } from '../../src-main/engine/ports/store.ts';
import { createKeptLog } from './kept-log.ts';
import { realClock } from './real-clock.ts';
import { ScriptedEngine } from './scripted-engine.ts';
import { seedStars } from './star-seed.ts';
import type { WindowBench } from './window-bench.ts';

type Filter = Parameters<Store['repositoryIds']>[0];

const everything: Filter = { text: '', state: null };

export class StarsEngine extends ScriptedEngine {
  readonly store: Store;
  readonly #selection: SelectionKeeper;
  /** Comparisons wait for it. */
  gate: Promise<void> = Promise.resolve();
  readonly #held = new Map<string, Promise<void>>();

  constructor(store: Store) {
    super();
    this.store = store;
    this.#selection = new SelectionKeeper({
      store,
      disk: { freeBytes: async () => null, writeProblem: async () => null, dataDir: tmpdir() },
      target: createUnsetTarget(),
      clock: realClock,
      log: createKeptLog(),
      onChanged: () => this.touchRepositories([]),
    });
  }

  override async overview(): Promise<Overview> {
    return { ...(await super.overview()), totals: await this.store.totals() };
  }

  /** Thrown when kept refs are asked for. */
  keptRefsFailure: Error | null = null;

  override async keptRefs() {
    if (this.keptRefsFailure !== null) throw this.keptRefsFailure;
    return super.keptRefs();
  }

  /** Answers about this text wait until the returned function is called. */
  holdSearch(text: string): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held.set(text, promise);
    return resolve;
  }

  override async repositories(query: RepositoryQuery) {
    await this.#held.get(query.text);
    return this.store.repositories(query);
  }

  override repositoryIds(filter: Filter = everything) {
    return this.store.repositoryIds(filter);
  }

  override facets(filter: Filter = everything) {
    return this.store.facets(filter);
  }

  override async repository(githubId: number) {
    const [row] = await this.store.repositoryRows([githubId]);
    return row ?? null;
  }

  override runs(query: RunQuery) {
    return this.store.runs(query);
  }

  override async choose(githubIds: readonly number[], choice: Answer | null): Promise<number> {
    await super.choose(githubIds, choice);
    return this.#selection.choose(githubIds, choice);
  }

  override async mirrorNow(githubIds: readonly number[]): Promise<number> {
    await super.mirrorNow(githubIds);
    const requests = githubIds.map((githubId) => ({ githubId, cause: 'user' as const }));
    const requested = await this.store.requestJobs(requests, Date.now());
    this.touchRepositories(githubIds.slice(0, 200));
    return requested;
  }

  /** By the last digit of the id: differs, fails, is not mirrored, or is the same. */
  override async verify(githubId: number) {
    const same = await super.verify(githubId);
    await this.gate;
    const row = await this.repository(githubId);
    const report = { ...same, githubId, fullName: row?.repository.fullName ?? '' };
    if ((row?.repository.mirror ?? null) === null) return { ...report, state: 'not-mirrored' as const, refCount: 0 };
    if (githubId % 10 !== 3) return report;
    return { ...report, state: 'differs' as const, differences: ['refs/heads/main differs'] };
  }
}

/** Thousands of stars, made once; each test gets a copy. */
export class StarsBench {
  readonly #dir: string;
  readonly #ends: (() => Promise<void>)[] = [];

  private constructor(dir: string) {
    this.#dir = dir;
  }

  static async make(count: number): Promise<StarsBench> {
    const dir = await mkdtemp(join(tmpdir(), 'epicstar-stars-'));
    const store = await openSqliteStore({ dataDir: dir });
    await seedStars(store, count, Date.now());
    await store.close();
    return new StarsBench(dir);
  }

  async open(): Promise<StarsEngine> {
    const dataDir = await mkdtemp(join(tmpdir(), 'epicstar-stars-copy-'));
    await copyFile(join(this.#dir, 'epicstar.db'), join(dataDir, 'epicstar.db'));
    const store = await openSqliteStore({ dataDir });
    this.#ends.push(async () => {
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    });
    return new StarsEngine(store);
  }

  /** Ends what was opened. */
  async end(): Promise<void> {
    for (const end of this.#ends.splice(0)) await end();
  }

  async remove(): Promise<void> {
    await this.end();
    await rm(this.#dir, { recursive: true, force: true });
  }
}

/** Signs in and opens the page of all repositories; the list is there. */
export async function openRepositories(bench: WindowBench, path = ''): Promise<void> {
  const { page, web } = bench;
  await page.goto(`${web.host.urlWithToken}#/repositories${path}`);
  await page.locator('.table-body .cell-name').first().waitFor({ state: 'attached' });
}
