/**
 * @file What follows once branches and tags of a mirror are proven: files kept by LFS, submodules, the wiki. Whatever
 * comes of it, the mirror stands: what is missing is noted with its reason and tried again.
 */
import { toEpicstarError } from '../domain/errors.ts';
import { type Extras, type LfsPointer, type LfsState, type WikiState } from '../domain/extras.ts';
import type { ExtrasReport, MirrorReport } from '../domain/job.ts';
import type { RefMap } from '../domain/plan.ts';
import type { Instant, RepositoryFacts } from '../domain/repository.ts';
import { fullNameOfAddress } from '../domain/submodule.ts';
import type { Contents } from '../ports/git-contents.ts';
import type { TargetProject } from '../ports/mirror-target.ts';
import type { RepositoryRecord } from '../ports/store.ts';
import type { CacheBudget } from './cache-budget.ts';
import { mirrorLfs, sumOfBytes } from './mirror-lfs.ts';
import type { MirrorCall, MirrorJobParts } from './mirror-parts.ts';
import { mirrorWiki } from './mirror-wiki.ts';

/** How a run ended that succeeded. */
export interface MirrorEnd {
  readonly facts: RepositoryFacts;
  readonly project: TargetProject;
  /** Branches and tags that the mirror has now. */
  readonly refs: RefMap;
  readonly defaultBranch: string | null;
}

const hourMs = 3_600_000;
/** What broke on the way may go through soon; what upstream does not have may be put there some day. */
const passingAgainMs = hourMs;
const lastingAgainMs = 24 * hourMs;
/** The mirror's own word for all files is asked for again after so long. */
const lfsCheckMs = 7 * 24 * hourMs;

const noReport: ExtrasReport = { lfsFiles: 0, lfsMissing: 0, bytesReceived: 0, bytesSent: 0, durationMs: 0 };

/** One record of both. */
export function withExtras(report: MirrorReport, extras: ExtrasReport): MirrorReport {
  if (extras === noReport) return report;
  const { lfsFiles, lfsMissing, durationMs } = extras;
  return {
    ...report,
    phases: [...report.phases, { phase: 'extras', durationMs }],
    bytesReceived: report.bytesReceived + extras.bytesReceived,
    bytesSent: report.bytesSent + extras.bytesSent,
    ...(lfsFiles + lfsMissing === 0 ? {} : { lfsFiles, lfsMissing }),
  };
}

/**
 * Never rejects: a run that is ended here has proven its branches and tags all the same. What was not brought over by then
 * is noted as missing and tried again.
 */
export async function mirrorExtras(
  parts: MirrorJobParts,
  budget: CacheBudget,
  repository: RepositoryRecord,
  end: MirrorEnd,
  call: MirrorCall,
): Promise<ExtrasReport> {
  const { clock, log } = parts;
  const startMs = clock.monotonicMs();
  try {
    const report = await new ExtrasRun(parts, budget, repository, end, call).run();
    return report === noReport ? report : { ...report, durationMs: Math.round(clock.monotonicMs() - startMs) };
  } catch (thrown) {
    if (call.signal.aborted) log.info('LFS files and wiki are left for another run');
    else log.warn('LFS files, submodules and wiki were not looked at', { error: thrown });
    return noReport;
  }
}

class ExtrasRun {
  readonly #parts: MirrorJobParts;
  readonly #budget: CacheBudget;
  readonly #repository: RepositoryRecord;
  readonly #end: MirrorEnd;
  readonly #call: MirrorCall;

  constructor(
    parts: MirrorJobParts,
    budget: CacheBudget,
    repository: RepositoryRecord,
    end: MirrorEnd,
    call: MirrorCall,
  ) {
    this.#parts = parts;
    this.#budget = budget;
    this.#repository = repository;
    this.#end = end;
    this.#call = call;
  }

  async run(): Promise<ExtrasReport> {
    const { store } = this.#parts;
    const { githubId } = this.#repository;
    const known = await store.extras(githubId);
    let extras = await this.#readContents(known);
    let report = noReport;
    const retries: Instant[] = [];

    const pointers = extras.lfs === null ? [] : await store.lfsPointers(githubId);
    if (this.#parts.lfs !== undefined && extras.lfs !== null && this.#isDue(extras.lfs)) {
      this.#enter();
      const { lfs, names } = this.#parts;
      // Whoever has the name next may move the project.
      const result = await names.hold(this.#end.facts.fullName, this.#call.signal, () => this.#lfs(pointers, lfs));
      extras = { ...extras, lfs: result.state };
      if (result.state.missing > 0) retries.push(this.#again(result.isPassing));
      const { copied, bytes, state } = result;
      report = { ...report, lfsFiles: copied, lfsMissing: state.missing, bytesReceived: bytes, bytesSent: bytes };
      extras = { ...extras, lfs: state, retryAt: soonest(retries) };
      await store.writeExtras(githubId, extras, []);
    }
    if (this.#parts.mirrorsWikis === true && this.#end.facts.hasWiki) {
      const wiki = await this.#wiki(extras);
      if (wiki.state.kind === 'incomplete') retries.push(this.#again(wiki.isPassing));
      extras = { ...extras, wiki: wiki.state };
      if (wiki.bytesReceived + wiki.bytesSent > 0) {
        report = {
          ...report,
          bytesReceived: report.bytesReceived + wiki.bytesReceived,
          bytesSent: report.bytesSent + wiki.bytesSent,
        };
      }
      extras = { ...extras, retryAt: soonest(retries) };
      await store.writeExtras(githubId, extras, []);
    } else if (extras.retryAt !== soonest(retries) || extras.wiki?.kind === 'incomplete') {
      extras = { ...extras, wiki: withoutWish(extras.wiki), retryAt: soonest(retries) };
      await store.writeExtras(githubId, extras, []);
    }
    return report;
  }

  /** What is found is written down before anything is brought, so that a run that is cut leaves nothing forgotten. */
  async #readContents(known: Extras): Promise<Extras> {
    const { git, store, clock, log } = this.#parts;
    const { facts, refs, defaultBranch } = this.#end;
    const { githubId } = this.#repository;
    if (known.mark === git.tipsMark(refs)) return known;
    const branch = defaultBranch === null ? null : `refs/heads/${defaultBranch}`;
    let contents: Contents | null = null;
    try {
      contents = await git.readContents(
        {
          key: githubId,
          refs,
          mark: known.mark,
          branch,
          knowsLfs: known.lfs !== null,
          knowsSubmodules: known.submodules.length > 0,
        },
        { signal: this.#call.signal },
      );
    } catch (thrown) {
      const error = toEpicstarError(thrown);
      if (error.code === 'cancelled' || this.#call.signal.aborted) throw thrown;
      // The mark stays, so the next run reads it again.
      log.warn('commits were not read for LFS pointers and submodules', { error: thrown });
    }
    if (contents === null) return known;
    const { mark, pointers, submodules } = contents;
    const lfs = pointers.length === 0 ? known.lfs : await this.#awaited(known.lfs, pointers);
    const extras: Extras = {
      ...known,
      mark,
      lfs,
      submodules:
        submodules === null
          ? known.submodules
          : submodules.map(({ path, address }) => ({
              path,
              address,
              fullName: fullNameOfAddress(address, this.#parts.github.host, facts.fullName),
            })),
      retryAt: lfs !== null && lfs.missing > 0 ? clock.now() : known.retryAt,
    };
    await store.writeExtras(githubId, extras, pointers);
    return extras;
  }

  /** Files that were just found: until the mirror says that it has them, it has not. */
  async #awaited(known: LfsState | null, found: readonly LfsPointer[]): Promise<LfsState> {
    const { store, clock } = this.#parts;
    const all = new Map((await store.lfsPointers(this.#repository.githubId)).map((one) => [one.oid, one.size]));
    const fresh = found.filter(({ oid }) => !all.has(oid));
    for (const { oid, size } of fresh) all.set(oid, size);
    const missing = (known?.missing ?? 0) + fresh.length;
    return {
      objects: all.size,
      bytes: sumOfBytes([...all.values()]),
      missing,
      reason: missing === 0 ? null : `${missing} of ${all.size} LFS files were not brought over yet.`,
      checkedAt: known?.checkedAt ?? clock.now(),
    };
  }

  #isDue({ missing, checkedAt }: LfsState): boolean {
    const age = this.#parts.clock.now() - checkedAt;
    return missing > 0 || age >= lfsCheckMs || age < 0;
  }

  #lfs(pointers: readonly LfsPointer[], lfs: NonNullable<MirrorJobParts['lfs']>) {
    const { clock, github, target } = this.#parts;
    const { facts, project } = this.#end;
    return mirrorLfs(
      {
        lfs,
        clock,
        from: () => github.remote(facts.fullName),
        to: () => target.remote(project),
        signal: this.#call.signal,
        onGit: this.#call.onGit,
      },
      pointers,
    );
  }

  #wiki({ wiki }: Extras) {
    this.#enter();
    const call = { ...this.#call, onPhase: () => undefined };
    return mirrorWiki(this.#parts, this.#budget, this.#repository, this.#end.facts, wiki, call);
  }

  #again(isPassing: boolean): Instant {
    return this.#parts.clock.now() + (isPassing ? passingAgainMs : lastingAgainMs);
  }

  #enter(): void {
    this.#call.signal.throwIfAborted();
    this.#call.onPhase('extras');
  }
}

/** A wiki that nobody wants any more lacks nothing. */
function withoutWish(wiki: WikiState | null): WikiState | null {
  if (wiki?.kind !== 'incomplete') return wiki;
  return wiki.projectId === null ? null : { ...wiki, kind: 'mirrored', reason: null };
}

function soonest(times: readonly Instant[]): Instant | null {
  return times.length === 0 ? null : Math.min(...times);
}
