/**
 * @file When a restore is tried, and of what: one mirror now and then, the longest not tried first, and whatever a person
 * asks for; one at a time. Keeps what came of it, and asks for the repair where there is one.
 */
import { EpicstarError, type ErrorCode, toEpicstarError } from '../domain/errors.ts';
import type { Drill, DrillOf } from '../domain/proof.ts';
import type { GithubId, Instant } from '../domain/repository.ts';
import type { Log } from '../ports/log.ts';
import type { RepositoryRecord, Store } from '../ports/store.ts';
import { type DrillParts, drillBytes, drillMirror, type Drilled } from './drill-mirror.ts';
import type { DrillUnderWay } from './engine-api.ts';
import { parseKeptJson } from './kept-json.ts';
import { checkRoom } from './disk-check.ts';
import type { ProofKeeper } from './proof-keeper.ts';

export interface DrillKeeperParts extends DrillParts {
  readonly store: Store;
  readonly keeper: ProofKeeper;
  readonly log: Log;
  /** Between two drills that begin by themselves; 0: none does. */
  readonly everyMs: number;
  /** Whether nothing is begun by itself now: paused, offline, asleep. */
  readonly isHeld: () => boolean;
  /** Whether only what a person asks for is done now. */
  readonly isQuiet: () => boolean;
  readonly onChange: (githubIds: readonly GithubId[]) => void;
}

const hourMs = 3_600_000;
/** After a start other things come first. */
const settleMs = 10 * 60_000;
/** So many are looked at for one that there is room for. */
const mostCandidates = 50;
/** Names the drill under way, so that one that ended the process is known as such. */
const markKey = 'drill-under-way';
const ownFailures: ReadonlySet<ErrorCode> = new Set(['mirror-missing', 'git-failed', 'git-not-found', 'git-stalled']);

export class DrillKeeper {
  readonly #parts: DrillKeeperParts;
  #current: { readonly view: DrillUnderWay; readonly abort: AbortController; readonly work: Promise<unknown> } | null =
    null;
  #cancelTimer: (() => void) | null = null;
  #brokenFor: GithubId | null = null;
  #isStopped = false;

  constructor(parts: DrillKeeperParts) {
    this.#parts = parts;
  }

  get current(): DrillUnderWay | null {
    return this.#current?.view ?? null;
  }

  /** A drill that ended with its process is kept as `cut`, so that the next one is of another mirror. */
  async load(): Promise<void> {
    const { store, log, clock } = this.#parts;
    const text = await store.readValue(markKey);
    if (text === null) return;
    const githubId = Number(parseKeptJson(text));
    const drill = { durationMs: 0, refCount: 0, objects: 0, bytes: 0, findings: [], error: null };
    await store.writeDrill(githubId, { ...drill, result: 'cut', at: clock.now() });
    await store.writeValue(markKey, null);
    log.warn('epicstar ended in the middle of a restore drill', { githubId });
  }

  /** Begins to drill now and then. */
  start(): void {
    if (this.#parts.everyMs > 0) this.#arm(settleMs);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelTimer?.();
    await this.hold();
  }

  /** Ends the drill under way within 2 s; nothing is kept of it. */
  async hold(): Promise<void> {
    this.#current?.abort.abort(new DOMException('the drill is held', 'AbortError'));
    await this.settled();
  }

  async settled(): Promise<void> {
    await this.#current?.work.catch(() => undefined);
  }

  /** @throws EpicstarError `config-invalid` while one is under way */
  checkFree(): void {
    if (this.#current === null) return;
    throw new EpicstarError('config-invalid', `A restore of ${this.#current.view.fullName} is being tried.`);
  }

  /** Drills one mirror if it is time to; answers which. */
  async drillDue(): Promise<DrillOf | null> {
    const { store, clock, everyMs, isHeld, isQuiet, log } = this.#parts;
    if (everyMs === 0 || isHeld() || isQuiet() || this.#current !== null) return null;
    const last = await store.lastDrill();
    // One that is still to come tells of a clock that was put back.
    if (last !== null && last.drill.at <= clock.now() && clock.now() - last.drill.at < everyMs) return null;
    for (const repository of await store.drillCandidates(mostCandidates)) {
      const { fullName } = repository;
      const hasRoom = await this.#hasRoom(repository);
      if (hasRoom) {
        const drill = await this.drill(repository, new AbortController().signal);
        return { githubId: repository.githubId, fullName, drill };
      }
      log.info('there is no room for a restore drill: a smaller one is looked for', { fullName });
    }
    return null;
  }

  /**
   * Drills this one now. Rejects with `config-invalid` while another drill is under way, and where nothing could be said
   * about the mirror.
   *
   * @param signal ends it
   */
  async drill(repository: RepositoryRecord, signal: AbortSignal): Promise<Drill> {
    const { githubId, fullName } = repository;
    if (this.#isStopped) throw new EpicstarError('cancelled', '');
    this.checkFree();
    const abort = new AbortController();
    const view = { githubId, fullName, startedAt: this.#parts.clock.now() };
    const work = this.#drill(repository, AbortSignal.any([signal, abort.signal]));
    this.#current = { view, abort, work };
    this.#parts.onChange([githubId]);
    try {
      return await work;
    } finally {
      this.#current = null;
      this.#parts.onChange([githubId]);
    }
  }

  async #drill(repository: RepositoryRecord, signal: AbortSignal): Promise<Drill> {
    const { store, log, keeper } = this.#parts;
    const { githubId, fullName } = repository;
    log.info('a restore drill begins', { fullName });
    await this.#mark(githubId);
    try {
      const readProven = async () => (await store.proofs(githubId))?.proven ?? null;
      const drilled = await drillMirror(this.#parts, repository, readProven, { signal });
      const drill = await this.#compareTips(repository, drilled, signal);
      await this.#keep(repository, drill);
      return drill;
    } catch (thrown) {
      const error = toEpicstarError(thrown);
      log.info('a restore drill could not be made', { fullName, code: error.code, message: error.message });
      // What is in the way of all says nothing of this one: it stays the next in line.
      if (!isOwnFailure(error) && !this.#isStubborn(githubId, error)) throw error;
      const isLost = error.code === 'mirror-missing';
      const isHealable = isLost && keeper.isFollowed(repository);
      if (isHealable) await keeper.repair(githubId);
      const drill = this.#failed(isLost && !isHealable ? 'damaged' : 'failed', error);
      await this.#keep(repository, drill);
      return drill;
    } finally {
      await this.#mark(null);
    }
  }

  /** The tips are compared with upstream, where that is there, and with what was proven where it is not. */
  async #compareTips(repository: RepositoryRecord, { drill, digest }: Drilled, signal: AbortSignal): Promise<Drill> {
    const { keeper, store, clock } = this.#parts;
    const { githubId } = repository;
    if (drill.result === 'fine' && !keeper.isFollowed(repository) && keeper.keepsProofs) {
      const known = await store.proofs(githubId);
      if (known?.proven?.digest === digest) await this.#noteProven(githubId, drill);
      else if (digest !== null && known?.last !== null) await store.recordDigest(githubId, digest);
    }
    if (drill.result !== 'differs') return drill;
    const report = await keeper.compare(repository, 'drill', signal);
    if (report.state === 'same') return { ...drill, result: 'fine', findings: [] };
    if (report.differences.length === 0) return drill;
    return { ...drill, at: clock.now(), findings: report.differences };
  }

  async #noteProven(githubId: GithubId, { at, refCount }: Drill): Promise<void> {
    const told = { source: 'drill', at, refCount, differences: [], error: null } as const;
    await this.#parts.store.writeProof(githubId, { ...told, result: 'same-as-proven' }, null);
  }

  /** A connection that breaks twice in a row for the same mirror: others are to have their turn. */
  #isStubborn(githubId: GithubId, { code }: EpicstarError): boolean {
    if (code !== 'git-network') return false;
    const isSecond = this.#brokenFor === githubId;
    this.#brokenFor = isSecond ? null : githubId;
    return isSecond;
  }

  #failed(result: 'failed' | 'damaged', error: EpicstarError): Drill {
    const nothing = { durationMs: 0, refCount: 0, objects: 0, bytes: 0 };
    return { ...nothing, result, at: this.#now(), findings: [], error: error.toRecord() };
  }

  async #keep({ githubId, fullName }: RepositoryRecord, drill: Drill): Promise<void> {
    const { store, log, keeper } = this.#parts;
    if (keeper.keepsProofs) await store.writeDrill(githubId, drill);
    const { result, objects, bytes, durationMs, findings } = drill;
    const facts = { fullName, result, objects, bytes, durationMs };
    if (result === 'fine') log.info('a restore drill went well', facts);
    else log.warn('a restore drill found something', { ...facts, findings: findings.slice(0, 5) });
  }

  async #mark(githubId: GithubId | null): Promise<void> {
    const { store, keeper } = this.#parts;
    if (keeper.keepsProofs) await store.writeValue(markKey, githubId === null ? null : JSON.stringify(githubId));
  }

  async #hasRoom(repository: RepositoryRecord): Promise<boolean> {
    try {
      await checkRoom(this.#parts.disk, repository.fullName, drillBytes(repository));
      return true;
    } catch (thrown) {
      if (toEpicstarError(thrown).code === 'disk-full') return false;
      throw thrown;
    }
  }

  #arm(delayMs: number): void {
    const { clock, log } = this.#parts;
    this.#cancelTimer = clock.setTimer(delayMs, () => {
      if (this.#isStopped) return;
      this.#arm(hourMs);
      this.drillDue().catch((error: unknown) => {
        if (toEpicstarError(error).code === 'internal')
          log.error('a restore drill failed for a reason of our own', { error });
      });
    });
  }

  #now(): Instant {
    return this.#parts.clock.now();
  }
}

/** Neither the network, nor a service, nor the disk, nor an end. */
function isOwnFailure({ code }: EpicstarError): boolean {
  return ownFailures.has(code);
}
