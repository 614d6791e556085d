/** @file What shows that mirrors are what they should be: comparisons, one or many, and restore drills. */
import type { Drill } from '../domain/proof.ts';
import type { GithubId } from '../domain/repository.ts';
import type { RepositoryRecord } from '../ports/store.ts';
import { DrillKeeper } from './drill-keeper.ts';
import type { VerifyReport } from './engine-api.ts';
import { EngineHandouts } from './engine-handouts.ts';
import type { EngineParts } from './engine-parts.ts';
import { ProofKeeper } from './proof-keeper.ts';
import { ProofRounds } from './proof-rounds.ts';

export abstract class EngineProofs extends EngineHandouts {
  readonly #keeper: ProofKeeper;
  protected readonly rounds: ProofRounds;
  protected readonly drills: DrillKeeper;
  readonly #parts: EngineParts;

  constructor(parts: EngineParts) {
    super(parts);
    this.#parts = parts;
    const { options } = parts;
    const onChange = (githubIds: readonly GithubId[]): void => {
      if (githubIds.length > 0) this.rowsChanged(githubIds);
      this.overviewChanged();
    };
    this.#keeper = new ProofKeeper({
      ...parts,
      followsUnstarred: options.followsUnstarred ?? false,
      keepsProofs: options.keepsProofs ?? true,
      onChange,
      onJobs: () => this.jobsCame(),
    });
    const isHeld = (): boolean => this.isHeld();
    this.rounds = new ProofRounds({ ...parts, keeper: this.#keeper, isHeld, onChange: () => this.overviewChanged() });
    this.drills = new DrillKeeper({
      ...parts,
      keeper: this.#keeper,
      everyMs: options.drillEveryMs ?? 0,
      isHeld,
      isQuiet: () => this.isQuiet(),
      onChange,
    });
  }

  async verify(githubId: GithubId, signal: AbortSignal): Promise<VerifyReport> {
    return this.#keeper.compare(await this.known(githubId), 'verify', this.untilEnd(signal));
  }

  beginComparing(githubIds: readonly GithubId[] | null): Promise<number> {
    return this.rounds.begin(githubIds);
  }

  endComparing(): Promise<void> {
    return this.rounds.end();
  }

  async drill(githubId: GithubId, signal: AbortSignal): Promise<Drill> {
    return this.drills.drill(await this.known(githubId), this.untilEnd(signal));
  }

  async nextToDrill(): Promise<RepositoryRecord | null> {
    const [next] = await this.#parts.store.drillCandidates(1);
    return next ?? null;
  }

  async beginDrill(githubId: GithubId): Promise<void> {
    const repository = await this.known(githubId);
    const { log } = this.#parts;
    this.drills.checkFree();
    this.drills
      .drill(repository, this.untilEnd(new AbortController().signal))
      .catch((error: unknown) => log.info('a restore drill that was asked for came to nothing', { error }));
  }

  protected async loadProofs(): Promise<void> {
    await Promise.all([this.rounds.load(), this.drills.load()]);
  }

  protected startProofs(): void {
    this.rounds.refresh();
    this.drills.start();
  }

  protected async holdProofs(): Promise<void> {
    await Promise.all([this.rounds.hold(), this.drills.hold()]);
  }

  protected async stopProofs(): Promise<void> {
    await Promise.all([this.rounds.stop(), this.drills.stop()]);
  }

  /** Jobs were asked for: they are begun, and everybody sees them. */
  protected abstract jobsCame(): void;
  protected abstract rowsChanged(githubIds: readonly GithubId[]): void;
  protected abstract overviewChanged(): void;
  /** Whether nothing is begun by itself now. */
  protected abstract isHeld(): boolean;
  /** Whether only what a person asks for is begun now. */
  protected abstract isQuiet(): boolean;
}
