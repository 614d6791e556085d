/**
 * @file Comparisons that somebody asked for. What comes of each is kept, and a mirror that differs from an upstream that
 * is there gets a mirror run.
 */
import type { ErrorCode } from '../domain/errors.ts';
import type { ProofSource } from '../domain/proof.ts';
import type { GithubId } from '../domain/repository.ts';
import { isUpstreamLost } from '../domain/verdict.ts';
import type { Log } from '../ports/log.ts';
import type { RepositoryRecord, Store } from '../ports/store.ts';
import type { VerifyReport } from './engine-api.ts';
import { type Comparison, compareMirror, type VerifyParts } from './verify-mirror.ts';

export interface ProofKeeperParts extends VerifyParts {
  readonly store: Store;
  readonly log: Log;
  /** What is there and has lost its star is mirrored as ever. */
  readonly followsUnstarred: boolean;
  /** False: nothing is kept and nothing is repaired, since another process works on the store. */
  readonly keepsProofs: boolean;
  readonly onChange: (githubIds: readonly GithubId[]) => void;
  readonly onJobs: () => void;
}

/** A mirror run finds or makes the project anew. */
const healedByRun: ReadonlySet<ErrorCode> = new Set(['git-not-found']);

export class ProofKeeper {
  readonly #parts: ProofKeeperParts;

  constructor(parts: ProofKeeperParts) {
    this.#parts = parts;
  }

  async compare(repository: RepositoryRecord, source: ProofSource, signal: AbortSignal): Promise<VerifyReport> {
    return await this.keep(repository, await this.look(repository, signal), source, signal);
  }

  get keepsProofs(): boolean {
    return this.#parts.keepsProofs;
  }

  /** Compares and keeps nothing. */
  async look(repository: RepositoryRecord, signal: AbortSignal): Promise<Comparison> {
    const known = await this.#parts.store.proofs(repository.githubId);
    const conditions = { proven: known?.proven ?? null, isFollowed: this.isFollowed(repository) };
    return await compareMirror(this.#parts, repository, conditions, signal);
  }

  /** Keeps what a look told, and asks for what repairs it. */
  async keep(
    repository: RepositoryRecord,
    { report, digest, isRepairable }: Comparison,
    source: ProofSource,
    signal: AbortSignal,
  ): Promise<VerifyReport> {
    const { store, clock, keepsProofs, log, onChange } = this.#parts;
    const { githubId } = repository;
    const { state, refCount, differences, error } = report;
    if (!keepsProofs || state === 'not-mirrored' || signal.aborted) return { ...report, isRepairAsked: false };
    // In the middle of a mirror run both ends differ; how it ends is a proof of its own.
    if (state === 'differs' && (await this.#isRunning(githubId))) return { ...report, isRepairAsked: true };
    await store.writeProof(githubId, { result: state, source, at: clock.now(), refCount, differences, error }, digest);
    if (state === 'failed' && digest !== null) await store.recordDigest(githubId, digest);
    const isHealable = state === 'differs' || (error !== null && healedByRun.has(error.code));
    const isRepairAsked = isRepairable && isHealable;
    if (isRepairAsked) await this.repair(githubId);
    if (state !== 'same') {
      log.info('a mirror was compared', { fullName: report.fullName, state, differences: differences.length });
    }
    onChange([githubId]);
    return { ...report, isRepairAsked };
  }

  /** Asks for the mirror run that makes both ends equal. */
  async repair(githubId: GithubId): Promise<void> {
    const { store, clock, onJobs } = this.#parts;
    await store.requestJob({ githubId, cause: 'verify' }, clock.now(), true);
    onJobs();
  }

  /** Whether its mirror is to be as upstream is now. */
  isFollowed({ selection, absentSince, archivedAt, verdict }: RepositoryRecord): boolean {
    const isWanted = absentSince === null || this.#parts.followsUnstarred;
    return selection === 'mirror' && archivedAt === null && isWanted && !isUpstreamLost(verdict);
  }

  async #isRunning(githubId: GithubId): Promise<boolean> {
    const [row] = await this.#parts.store.repositoryRows([githubId]);
    return row?.job?.state === 'running';
  }
}
