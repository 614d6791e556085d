/**
 * @file Rounds of comparisons over many mirrors, a few at once. Knows who compares, not how.
 *
 * [Note: rounds] A round is not made of jobs: comparing changes nothing, works as well for what is gone upstream, and
 * needs no row in the history. What is left of it follows from the times of the proofs that are kept, so that it goes on
 * after a restart where it stood, and what a mirror run proved meanwhile is not compared again.
 */
import { type ErrorCode, type ErrorRecord, errorSpecs } from '../domain/errors.ts';
import type { GithubId, Instant } from '../domain/repository.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { RepositoryRecord, Store } from '../ports/store.ts';
import type { ProofCounts } from '../ports/store-proofs.ts';
import type { ProofRound } from './engine-api.ts';
import { parseKeptJson } from './kept-json.ts';
import type { ProofKeeper } from './proof-keeper.ts';

export interface ProofRoundsParts {
  readonly keeper: ProofKeeper;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether nothing is begun by itself now. */
  readonly isHeld: () => boolean;
  readonly onChange: () => void;
}

interface Round {
  readonly startedAt: Instant;
  /** Null: all mirrors. */
  readonly githubIds: readonly GithubId[] | null;
  readonly total: number;
  readonly state: 'running' | 'stopped' | 'over';
  readonly endedAt: Instant | null;
  /** Once it has ended. */
  readonly counts: ProofCounts;
}

/** Each takes a request to GitHub and a listing of either end. */
const lanes = 4;
const pageSize = 50;
/** So many failures of a service in a row, and it is left alone for a while. */
const failuresOfAnOutage = 5;
const outageMs = 5 * 60_000;
const roundKey = 'proof-round';
const noCounts: ProofCounts = { same: 0, sameAsProven: 0, differs: 0, failed: 0, repaired: 0 };
const serviceCodes: ReadonlySet<ErrorCode> = new Set([
  'github-unavailable',
  'target-unavailable',
  'proxy-unusable',
  'git-network',
  'git-stalled',
]);

export class ProofRounds {
  readonly #parts: ProofRoundsParts;
  #round: Round | null = null;
  /** What is in the way of a round that is not over. */
  #obstacle: ErrorRecord | null = null;
  #failures = 0;
  /** Looked at in this round, whether or not a result could be kept. */
  #passed = new Set<GithubId>();
  #abort = new AbortController();
  #work: Promise<void> | null = null;
  #cancelTimer: (() => void) | null = null;
  #isStopped = false;

  constructor(parts: ProofRoundsParts) {
    this.#parts = parts;
  }

  /** Reads what the last process knew of its round. */
  async load(): Promise<void> {
    const text = await this.#parts.store.readValue(roundKey);
    this.#round = text === null ? null : readRound(parseKeptJson(text));
  }

  /** Begins a round; one that is under way makes way for it. Null: all mirrors. Answers how many there are. */
  async begin(githubIds: readonly GithubId[] | null): Promise<number> {
    const { store, clock, log } = this.#parts;
    await this.end();
    const total = await store.countMirrors(githubIds);
    this.#passed = new Set();
    this.#failures = 0;
    await this.#keep({ startedAt: clock.now(), githubIds, total, state: 'running', endedAt: null, counts: noCounts });
    log.info('mirrors are compared', { total });
    this.refresh();
    return total;
  }

  /** Ends a round that is under way; what was compared stays. */
  async end(): Promise<void> {
    await this.hold();
    if (this.#round?.state === 'running') await this.#finish(this.#round, 'stopped');
    this.#parts.onChange();
  }

  /** Goes on with a round that is not over, unless that is being done, or held. */
  refresh(): void {
    const { isHeld, log, onChange } = this.#parts;
    if (this.#isStopped || this.#work !== null || isHeld() || this.#round?.state !== 'running') return;
    this.#cancelTimer?.();
    this.#work = this.#compareAll(this.#round, this.#abort.signal)
      .catch((error: unknown) => log.error('mirrors were not compared', { error }))
      .finally(() => {
        this.#work = null;
        onChange();
      });
    onChange();
  }

  async view(): Promise<ProofRound | null> {
    const round = this.#round;
    if (round === null) return null;
    const { startedAt, endedAt, total, githubIds, state } = round;
    if (state !== 'running') return { startedAt, endedAt, total, state, counts: round.counts, obstacle: null };
    const counts = await this.#parts.store.countProofs(startedAt, githubIds);
    const now = this.#work === null ? 'waiting' : 'running';
    return { startedAt, endedAt, total, state: now, counts, obstacle: this.#obstacle };
  }

  /** Resolves when nothing is being compared. */
  async settled(): Promise<void> {
    await this.#work;
  }

  /** Stops comparing; {@link refresh} goes on. */
  async hold(): Promise<void> {
    this.#abort.abort(new DOMException('comparing is held', 'AbortError'));
    this.#cancelTimer?.();
    await this.#work;
    this.#abort = new AbortController();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.hold();
  }

  async #compareAll(round: Round, signal: AbortSignal): Promise<void> {
    const { store } = this.#parts;
    this.#obstacle = null;
    while (!signal.aborted) {
      // Those that were passed over are still to be compared, as far as the store knows.
      const most = Math.min(pageSize + this.#passed.size, 200);
      const found = await store.uncomparedSince(round.startedAt, round.githubIds, most);
      const due = found.filter(({ githubId }) => !this.#passed.has(githubId));
      if (due.length === 0) {
        await this.#finish(round, 'over');
        return;
      }
      const rest = due.values();
      await Promise.all(Array.from({ length: lanes }, () => this.#lane(rest, signal)));
      if (this.#obstacle !== null) {
        this.#wait(this.#obstacle);
        return;
      }
    }
  }

  /** Lanes share one iterator, so each repository is taken once. */
  async #lane(rest: ArrayIterator<RepositoryRecord>, signal: AbortSignal): Promise<void> {
    const { keeper, onChange } = this.#parts;
    for (;;) {
      if (signal.aborted || this.#obstacle !== null) return;
      const { value: repository, done } = rest.next();
      if (done === true) return;
      const comparison = await keeper.look(repository, signal);
      const { error } = comparison.report;
      if (signal.aborted) return;
      if (error !== null && concernsAll(error)) {
        this.#obstacle ??= error;
        return;
      }
      await keeper.keep(repository, comparison, 'verify', signal);
      this.#passed.add(repository.githubId);
      this.#failures = error !== null && serviceCodes.has(error.code) ? this.#failures + 1 : 0;
      if (this.#failures >= failuresOfAnOutage) this.#obstacle ??= error;
      onChange();
    }
  }

  #wait(obstacle: ErrorRecord): void {
    const { clock, log } = this.#parts;
    const now = clock.now();
    const waitMs = Math.max((obstacle.data.until ?? 0) - now, outageMs);
    log.info('comparing waits', { code: obstacle.code, waitMs });
    // The next failure of the same service is the end of the next try.
    this.#failures = Math.max(this.#failures - 1, 0);
    this.#cancelTimer = clock.setTimer(waitMs, () => this.refresh());
  }

  async #finish(round: Round, state: 'stopped' | 'over'): Promise<void> {
    const { store, clock, log } = this.#parts;
    const counts = await store.countProofs(round.startedAt, round.githubIds);
    await this.#keep({ ...round, state, endedAt: clock.now(), counts });
    log.info(state === 'over' ? 'mirrors were compared' : 'comparing was stopped', { total: round.total, ...counts });
  }

  async #keep(round: Round): Promise<void> {
    this.#round = round;
    await this.#parts.store.writeValue(roundKey, JSON.stringify(round));
  }
}

/** It would be the same for every other mirror. */
function concernsAll({ code, data }: ErrorRecord): boolean {
  const { kind } = errorSpecs[code];
  return (kind === 'wait' || kind === 'signed-out') && data.concernsOne !== true;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const count = (value: unknown): number => (Number.isSafeInteger(value) ? Number(value) : 0);

/** Null for what this version did not write. */
function readRound(kept: unknown): Round | null {
  if (!isRecord(kept)) return null;
  const { startedAt, githubIds, total, state, endedAt, counts } = kept;
  const isState = state === 'running' || state === 'stopped' || state === 'over';
  const areIds = githubIds === null || (Array.isArray(githubIds) && githubIds.every(Number.isSafeInteger));
  if (!Number.isSafeInteger(startedAt) || !isState || !areIds || !isRecord(counts)) return null;
  return {
    startedAt: count(startedAt),
    githubIds: Array.isArray(githubIds) ? githubIds.map(Number) : null,
    total: count(total),
    state,
    endedAt: endedAt === null ? null : count(endedAt),
    counts: {
      same: count(counts['same']),
      sameAsProven: count(counts['sameAsProven']),
      differs: count(counts['differs']),
      failed: count(counts['failed']),
      repaired: count(counts['repaired']),
    },
  };
}
