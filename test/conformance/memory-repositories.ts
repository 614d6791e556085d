/** @file The repositories of the in-memory store and what is decided on them. Knows of jobs only what it is told. */
import type { JobCause, MirrorProof } from '../../src-main/engine/domain/job.ts';
import type { GithubId, RepositoryFacts, Star } from '../../src-main/engine/domain/repository.ts';
import type { SelectionDecision } from '../../src-main/engine/domain/selection.ts';
import type { Verdict } from '../../src-main/engine/domain/verdict.ts';
import type {
  CauseOfSelected,
  JobRequest,
  MirrorRecord,
  RepositoryRecord,
  SelectRepository,
} from '../../src-main/engine/ports/store.ts';
import type { Adoption, FoundMirror, MirrorPlace } from '../../src-main/engine/ports/store-held.ts';
import { bug } from './memory-jobs.ts';
import { namesBefore } from './memory-parts.ts';

interface Decided {
  readonly requests: readonly JobRequest[];
  /** Selected before, and not any more. */
  readonly dropped: readonly GithubId[];
}

/** What nobody told of a repository whose mirror was found. */
const foundAlone = {
  starredAt: 0,
  previousNames: [],
  choice: null,
  selection: 'mirror',
  selectionReason: '',
  verdict: null,
  archivedAt: null,
} as const;

function unproven(place: MirrorPlace): MirrorRecord {
  const nothing = { pushedAt: null, defaultBranch: null, verifiedAt: 0, refCount: 0, cacheBytes: 0, unfitRefs: 0 };
  return { ...place, ...nothing };
}

export class MemoryRepositories {
  readonly #byId = new Map<GithubId, RepositoryRecord>();
  readonly #examineAt = new Map<GithubId, number>();

  get(githubId: GithubId): RepositoryRecord | null {
    return this.#byId.get(githubId) ?? null;
  }

  known(githubId: GithubId): RepositoryRecord {
    const row = this.get(githubId);
    if (row === null) throw bug(`no repository has the id ${githubId}`);
    return row;
  }

  all(): readonly RepositoryRecord[] {
    return [...this.#byId.values()].sort((a, b) => a.githubId - b.githubId);
  }

  named(fullName: string): RepositoryRecord | null {
    const wanted = fullName.toLowerCase();
    const isAbsent = (row: RepositoryRecord): number => Number(row.absentSince !== null);
    const found = this.all().filter((row) => row.fullName.toLowerCase() === wanted);
    const byRank = (a: RepositoryRecord, b: RepositoryRecord): number =>
      isAbsent(a) - isAbsent(b) || b.firstSeenAt - a.firstSeenAt || b.githubId - a.githubId;
    return found.toSorted(byRank)[0] ?? null;
  }

  changeFacts(facts: RepositoryFacts): void {
    const known = this.known(facts.githubId);
    const previousNames = namesBefore(known, facts.fullName);
    this.#byId.set(facts.githubId, { ...known, ...structuredClone(facts), previousNames });
  }

  markAbsent(present: ReadonlySet<GithubId>, at: number): readonly GithubId[] {
    const gone = this.all().filter((row) => row.absentSince === null && !present.has(row.githubId));
    for (const row of gone) {
      this.#byId.set(row.githubId, { ...row, absentSince: at });
      this.#examineAt.set(row.githubId, at);
    }
    return gone.map((row) => row.githubId);
  }

  mirrorsAt(projectPath: string): readonly RepositoryRecord[] {
    const wanted = projectPath.toLowerCase();
    return this.all().filter(({ mirror }) => mirror?.projectPath.toLowerCase() === wanted);
  }

  placeMirror(githubId: GithubId, place: Pick<MirrorRecord, 'projectId' | 'projectPath' | 'projectUrl'>): void {
    const row = this.get(githubId);
    if (row === null || row.mirror === null || row.mirror.projectId !== place.projectId) return;
    this.#byId.set(githubId, { ...row, mirror: { ...row.mirror, ...place } });
  }

  adopt(found: readonly FoundMirror[], at: number): Adoption {
    const entered: GithubId[] = [];
    const placed: GithubId[] = [];
    const moved: GithubId[] = [];
    for (const { facts, place, copies } of structuredClone(found)) {
      const { githubId } = facts;
      const known = this.get(githubId);
      const same = [place, ...copies].find(({ projectId }) => projectId === known?.mirror?.projectId);
      if (known === null) {
        entered.push(githubId);
        this.#byId.set(githubId, {
          ...facts,
          ...foundAlone,
          firstSeenAt: at,
          absentSince: at,
          mirror: unproven(place),
        });
        this.#examineAt.set(githubId, at);
      } else if (known.mirror === null || same === undefined) {
        placed.push(githubId);
        this.#byId.set(githubId, { ...known, mirror: unproven(place) });
      } else if (same.projectPath !== known.mirror.projectPath || same.projectUrl !== known.mirror.projectUrl) {
        moved.push(githubId);
        this.#byId.set(githubId, { ...known, mirror: { ...known.mirror, ...same } });
      }
    }
    return { entered, placed, moved };
  }

  forgetMirror(githubId: GithubId, projectId: string): void {
    const row = this.get(githubId);
    if (row?.mirror?.projectId === projectId) this.#byId.set(githubId, { ...row, mirror: null, archivedAt: null });
  }

  forgetMirrors(): number {
    const proven = this.all().filter(({ mirror, absentSince }) => mirror !== null && absentSince === null);
    for (const row of proven) this.#byId.set(row.githubId, { ...row, mirror: null });
    return proven.length;
  }

  proveMirror(githubId: GithubId, proof: MirrorProof, unfitRefs: number): void {
    const { fullName: _, ...mirror } = structuredClone(proof);
    const known = this.known(githubId);
    const isAbsent = known.absentSince !== null;
    const verdict = isAbsent ? known.verdict : null;
    this.#byId.set(githubId, { ...known, mirror: { ...mirror, unfitRefs }, verdict });
    if (!isAbsent) this.#examineAt.delete(githubId);
  }

  examine(githubId: GithubId, at: number): void {
    if (this.get(githubId) !== null && !this.#examineAt.has(githubId)) this.#examineAt.set(githubId, at);
  }

  dueForExamination(at: number): readonly RepositoryRecord[] {
    return [...this.#examineAt]
      .filter(([, dueAt]) => dueAt <= at)
      .toSorted(([a, aDue], [b, bDue]) => aDue - bDue || a - b)
      .map(([githubId]) => this.known(githubId));
  }

  writeVerdict(githubId: GithubId, verdict: Verdict | null, again: number | null): void {
    this.#byId.set(githubId, { ...this.known(githubId), verdict: structuredClone(verdict) });
    if (again === null) this.#examineAt.delete(githubId);
    else this.#examineAt.set(githubId, again);
  }

  observe(
    stars: readonly Star[],
    at: number,
    decide: (known: RepositoryRecord | null, star: Star) => JobCause | null,
    select?: (known: RepositoryRecord | null, star: Star) => SelectionDecision,
  ): Decided & { readonly added: readonly GithubId[] } {
    const latest = new Map(stars.map((star) => [star.repository.githubId, star]));
    const decided = [...latest].map(([githubId, star]) => {
      const known = this.get(githubId);
      const kept = { selection: known?.selection ?? 'mirror', reason: known?.selectionReason ?? '' };
      const { selection, reason } = select === undefined ? kept : select(known, star);
      return { githubId, star, known, selection, reason, cause: selection === 'mirror' ? decide(known, star) : null };
    });
    for (const { githubId, star, known, selection, reason } of decided) {
      this.#byId.set(githubId, {
        ...structuredClone(star.repository),
        starredAt: star.starredAt,
        firstSeenAt: known?.firstSeenAt ?? at,
        absentSince: null,
        mirror: known?.mirror ?? null,
        previousNames: known === null ? [] : namesBefore(known, star.repository.fullName),
        choice: known?.choice ?? null,
        selection,
        selectionReason: reason,
        verdict: known === null || known.absentSince !== null ? null : known.verdict,
        archivedAt: known?.archivedAt ?? null,
      });
      if (known !== null && known.absentSince !== null) this.#examineAt.delete(githubId);
    }
    const added = decided.filter(({ known }) => known === null || known.absentSince !== null);
    const dropped = decided.filter(({ known, selection }) => known?.selection === 'mirror' && selection !== 'mirror');
    return {
      added: added.map(({ githubId }) => githubId),
      requests: decided.flatMap(({ githubId, cause }) => (cause === null ? [] : [{ githubId, cause }])),
      dropped: dropped.map(({ githubId }) => githubId),
    };
  }

  /** @param records as they are, with new choices in them */
  redecide(
    records: readonly RepositoryRecord[],
    select: SelectRepository,
    causeOf: CauseOfSelected,
    isBusy: (githubId: GithubId) => boolean,
  ) {
    const decided = records.map((record) => {
      const { selection, reason: selectionReason } = select(record);
      const isNew = record.selection !== 'mirror' && selection === 'mirror';
      const cause = isNew && !isBusy(record.githubId) ? causeOf(record) : null;
      return { record, githubId: record.githubId, selection, selectionReason, cause };
    });
    for (const { record, githubId, selection, selectionReason } of decided) {
      this.#byId.set(githubId, { ...record, selection, selectionReason });
    }
    const dropped = decided.filter(({ record, selection }) => record.selection === 'mirror' && selection !== 'mirror');
    const count = (wanted: string): number => decided.filter(({ selection }) => selection === wanted).length;
    return {
      requests: decided.flatMap(({ githubId, cause }) => (cause === null ? [] : [{ githubId, cause }])),
      dropped: dropped.map(({ githubId }) => githubId),
      counts: { selected: count('mirror'), skipped: count('skip'), asks: count('ask') },
    };
  }
}
