/**
 * @file Asks GitHub about repositories that left the starred list or do not answer, a few beside each look, and keeps
 * what comes of it. Decides nothing about mirrors. See [Note: absence] in domain/verdict.ts.
 */
import { dueCause } from '../domain/due.ts';
import { type EpicstarError, toEpicstarError } from '../domain/errors.ts';
import type { GithubId, Instant, RepositoryFacts } from '../domain/repository.ts';
import { askAgainAt, type Finding, judge, nextVerdict, type Verdict } from '../domain/verdict.ts';
import type { Clock } from '../ports/clock.ts';
import type { Github } from '../ports/github.ts';
import type { Log } from '../ports/log.ts';
import type { MirrorTarget } from '../ports/mirror-target.ts';
import type { RepositoryRecord, Store } from '../ports/store.ts';
import { correctPlace } from './mirror-places.ts';

export interface VerdictKeeperParts {
  readonly github: Pick<Github, 'repositoryById' | 'isStarred'>;
  readonly target: Pick<MirrorTarget, 'whereIs'>;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** What is there and has lost its star is mirrored as ever. */
  readonly followsUnstarred: boolean;
  readonly isHeld: () => boolean;
  /** Rows changed. */
  readonly onChange: (githubIds: readonly GithubId[]) => void;
  readonly onJobs: () => void;
}

/** Two requests each, beside a look that takes two itself. */
const mostAtOnce = 20;
/** A repository about which the question itself failed makes room for others. */
const postponeMs = 10 * 60_000;
/** What the list should have and did not. */
const contradictedMs = 3_600_000;
const followEveryMs = 24 * 3_600_000;

export class VerdictKeeper {
  readonly #parts: VerdictKeeperParts;
  readonly #ending = new AbortController();
  #round: Promise<void> | null = null;

  constructor(parts: VerdictKeeperParts) {
    this.#parts = parts;
  }

  /** Begins to ask about what is due, unless that is being done. */
  refresh(): void {
    const { log } = this.#parts;
    this.#round ??= this.#askAll()
      .catch((error: unknown) => log.error('what is missing was not asked about', { error }))
      .finally(() => {
        this.#round = null;
      });
  }

  /** A run found it gone or blocked. */
  async doubt(githubId: GithubId): Promise<void> {
    await this.#parts.store.requestExamination(githubId, this.#parts.clock.now());
  }

  /** Resolves when nothing is being asked. */
  async settled(): Promise<void> {
    await this.#round;
  }

  async stop(): Promise<void> {
    this.#ending.abort(new DOMException('epicstar ends', 'AbortError'));
    await this.#round;
  }

  async #askAll(): Promise<void> {
    const { store, clock, isHeld, onChange } = this.#parts;
    const due = await store.dueExaminations(clock.now(), mostAtOnce);
    const asked: GithubId[] = [];
    let isTargetAsked = true;
    for (const repository of due) {
      if (isHeld() || this.#ending.signal.aborted) break;
      try {
        await this.#examine(repository);
        isTargetAsked &&= await this.#place(repository);
        asked.push(repository.githubId);
      } catch (thrown) {
        const error = toEpicstarError(thrown);
        if (error.kind === 'cancelled') break;
        await this.#postpone(repository, error);
        // Whatever is wrong with GitHub or the account says nothing about this repository, nor would it about the next.
        if (error.kind !== 'permanent') break;
      }
    }
    if (asked.length > 0) onChange(asked);
  }

  /**
   * A run that was cut may have left a wrong place behind, and no other may ever come by here again. Nothing hangs on it:
   * false where the target cannot be asked, which is then not asked about the others either.
   */
  async #place({ githubId }: RepositoryRecord): Promise<boolean> {
    const { store, log } = this.#parts;
    try {
      const known = await store.repository(githubId);
      if (known !== null) await correctPlace(this.#parts, known, this.#ending.signal);
      return true;
    } catch (thrown) {
      const { code } = toEpicstarError(thrown);
      log.info('the target could not be asked where a mirror stands', { githubId, code });
      return false;
    }
  }

  async #postpone({ githubId, fullName, verdict }: RepositoryRecord, error: EpicstarError): Promise<void> {
    const { store, clock, log } = this.#parts;
    log.info('GitHub could not be asked what became of a repository', { githubId, fullName, code: error.code });
    await store.writeVerdict(githubId, verdict, clock.now() + postponeMs);
  }

  async #examine(known: RepositoryRecord): Promise<void> {
    const { store, clock, log } = this.#parts;
    const { githubId, fullName } = known;
    const { finding, facts } = await this.#ask(known);
    const judged = judge(finding, known);
    if (facts !== null) await store.updateFacts({ ...facts, isPrivate: known.isPrivate });
    const at = clock.now();
    if (judged === null) {
      await store.writeVerdict(githubId, null, known.absentSince === null ? null : at + contradictedMs);
      if (known.absentSince === null) await this.#tryAgain(githubId, at);
      else await this.#readListAgain(fullName);
      return;
    }
    const verdict = nextVerdict(known.verdict, judged, at);
    if (judged.kind === 'moved') await this.#readListAgain(fullName);
    const again = await this.#follow(known, facts, verdict, at);
    await store.writeVerdict(githubId, verdict, again);
    if (verdict.confirmedAt === at || known.verdict?.kind !== verdict.kind) {
      const isFinal = verdict.confirmedAt !== null;
      log.info('what became of a repository', { githubId, fullName, verdict: verdict.kind, isFinal });
    }
  }

  async #ask({
    githubId,
    absentSince,
  }: RepositoryRecord): Promise<{ finding: Finding; facts: RepositoryFacts | null }> {
    const { github } = this.#parts;
    const { signal } = this.#ending;
    const lookup = await github.repositoryById(githubId, signal);
    if (lookup.kind !== 'found') return { finding: lookup, facts: null };
    const { fullName, isPrivate } = lookup.repository;
    // What stands in the list has its star.
    const isStarred = absentSince === null || (await github.isStarred(fullName, signal));
    return { finding: { kind: 'found', fullName, isPrivate, isStarred }, facts: lookup.repository };
  }

  /** It answers: whatever failed need not wait for the next day. */
  async #tryAgain(githubId: GithubId, at: Instant): Promise<void> {
    const { store, onJobs } = this.#parts;
    if ((await store.requestJobs([{ githubId, cause: 'sweep' }], at)) > 0) onJobs();
  }

  /** The total that is known rests on a list that was wrong: without it the next look reads all pages. */
  async #readListAgain(fullName: string): Promise<void> {
    this.#parts.log.info('a star is there although the list did not have it: the list is read again', { fullName });
    await this.#parts.store.rememberWatcher({ total: null });
  }

  /** @returns when it is asked about again */
  async #follow(
    known: RepositoryRecord,
    facts: RepositoryFacts | null,
    verdict: Verdict,
    at: Instant,
  ): Promise<Instant> {
    const { followsUnstarred, store, onJobs } = this.#parts;
    const isFollowed = followsUnstarred && facts !== null && known.mirror !== null && known.selection === 'mirror';
    if (!isFollowed || verdict.confirmedAt === null) return askAgainAt(verdict);
    const proven = { ...known, absentSince: null, pushedAt: known.mirror?.pushedAt ?? null };
    const cause = dueCause(proven, facts);
    if (cause !== null && (await store.requestJobs([{ githubId: known.githubId, cause }], at)) > 0) onJobs();
    return at + followEveryMs;
  }
}
