/**
 * @file One mirror run: makes the target's heads and tags equal GitHub's and proves it. Every step can be repeated,
 * so a run that was cut anywhere is simply run again. Knows neither jobs' states nor retries: it throws an
 * EpicstarError, and the runner decides what becomes of the job.
 */
import { chooseDefaultBranch } from '../domain/default-branch.ts';
import { EpicstarError, toEpicstarError } from '../domain/errors.ts';
import type { MirrorPhase, MirrorProof, MirrorReport } from '../domain/job.ts';
import {
  compareRefs,
  isSame,
  keptRefPrefix,
  mirrorFitness,
  type MirrorPlan,
  planMirror,
  type RefDifference,
  type RefMap,
  reuseKept,
  type UnfitRef,
} from '../domain/plan.ts';
import type { RepositoryFacts } from '../domain/repository.ts';
import type { Clock } from '../ports/clock.ts';
import type { Disk } from '../ports/disk.ts';
import type { Git, GitCache, GitCall, GitProgress, GitRemote, RefListing } from '../ports/git.ts';
import type { Github } from '../ports/github.ts';
import type { Log } from '../ports/log.ts';
import type { MirrorTarget, PushLimits, TargetProject } from '../ports/mirror-target.ts';
import type { RepositoryRecord, Store } from '../ports/store.ts';
import { checkDisk } from './disk-check.ts';
import {
  branchNames,
  describeDifference,
  differs,
  refusedByTarget,
  refuseEmptied,
  refuseLoss,
  sameRefs,
  shortBranch,
} from './mirror-refs.ts';
import { notePlaces } from './mirror-places.ts';
import { countMoves, MoveCount } from './move-count.ts';
import type { NamesInWork } from './names-in-work.ts';
import { PhaseTimer } from './phase-timer.ts';
import { PlanPusher } from './plan-pusher.ts';
import type { PushLanes } from './push-lanes.ts';

export interface MirrorJobParts {
  readonly github: Github;
  readonly target: MirrorTarget;
  readonly git: Git;
  readonly store: Store;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly lanes: PushLanes;
  readonly names: NamesInWork;
  readonly pushLimits: PushLimits;
  /** See `refuseLoss`. */
  readonly holdLossPercent: number;
  readonly log: Log;
}

export interface MirrorCall {
  readonly signal: AbortSignal;
  readonly onPhase: (phase: MirrorPhase) => void;
  readonly onGit: (progress: GitProgress) => void;
}

export interface MirrorResult {
  readonly proof: MirrorProof;
  readonly report: MirrorReport;
}

/** Thrown by {@link MirrorRun.run}: the error, and what had been done until then. */
export class MirrorRunError extends Error {
  override readonly name = 'MirrorRunError';
  readonly error: EpicstarError;
  readonly report: MirrorReport;

  constructor(error: EpicstarError, report: MirrorReport) {
    super(error.message, { cause: error });
    this.error = error;
    this.report = report;
  }
}

/** Upstream may move while it is mirrored; after so many rounds the run gives way and is tried again later. */
const mostRounds = 3;

const noRefs: RefMap = new Map();

export class MirrorRun {
  readonly #parts: MirrorJobParts;
  readonly #repository: RepositoryRecord;
  readonly #call: MirrorCall;
  readonly #acceptsLoss: boolean;
  readonly #phases: PhaseTimer;
  readonly #moves = new MoveCount();
  #unchanged = 0;
  #unfit: readonly UnfitRef[] = [];
  /** Refs that only trying showed to be unfit: the server refuses them whatever is done. */
  #refused: readonly UnfitRef[] = [];
  #bytesReceived = 0;
  #bytesSent = 0;
  #cache: GitCache | null = null;
  #cacheBytes: number | null = null;

  /** @param acceptsLoss a person said that this run may follow whatever upstream lost */
  constructor(parts: MirrorJobParts, repository: RepositoryRecord, call: MirrorCall, acceptsLoss: boolean) {
    this.#acceptsLoss = acceptsLoss;
    this.#parts = parts;
    this.#repository = repository;
    this.#call = call;
    this.#phases = new PhaseTimer(parts.clock);
  }

  /** Bytes of the cache after the run; null where it was not touched. */
  get cacheBytes(): number | null {
    return this.#cacheBytes;
  }

  async run(): Promise<MirrorResult> {
    try {
      const proof = await this.#run();
      return { proof, report: this.#report() };
    } catch (thrown) {
      await this.#measureCache();
      throw new MirrorRunError(toEpicstarError(thrown), this.#report());
    }
  }

  /** What a run that failed had fetched by then takes room all the same. */
  async #measureCache(): Promise<void> {
    if (this.#cache === null) return;
    const { git, log } = this.#parts;
    try {
      this.#cacheBytes = await git.cacheBytes(this.#cache);
    } catch (error) {
      log.warn('the size of a cache could not be read', { error });
    }
  }

  async #run(): Promise<MirrorProof> {
    this.#enter('identify');
    const facts = await this.#identify();
    return this.#parts.names.hold(facts.fullName, this.#call.signal, async (hasWaited) => {
      if (hasWaited) await this.#confirmName(facts.fullName);
      return this.#mirror(facts);
    });
  }

  async #mirror(facts: RepositoryFacts): Promise<MirrorProof> {
    const { github, target } = this.#parts;
    this.#enter('project');
    const ensured = await target.ensureProject(
      {
        githubId: facts.githubId,
        fullName: facts.fullName,
        description: facts.description,
        htmlUrl: facts.htmlUrl,
      },
      this.#repository.mirror?.projectId ?? null,
      this.#call.signal,
    );
    await notePlaces(this.#parts, this.#repository, ensured, this.#call.signal);
    const source = await github.remote(facts.fullName);
    const mirror = await target.remote(ensured.project);

    let sourceRefs: RefListing | null = null;
    let targetRefs: RefListing = { refs: noRefs, head: null, unreadable: [] };
    if (ensured.how === 'adopted') {
      this.#enter('compare');
      sourceRefs = await this.#listSource(source);
      targetRefs = await this.#listTarget(mirror);
    }

    for (let round = 1; round <= mostRounds; round += 1) {
      const difference = sourceRefs === null ? null : this.#compare(sourceRefs, targetRefs.refs);
      if (sourceRefs !== null && difference !== null && isSame(difference)) {
        return this.#finish(facts, ensured.project, targetRefs, difference);
      }
      const fetched = await this.#fetch(facts, source, mirror, sourceRefs, targetRefs);
      await this.#confirmName(facts.fullName);
      await this.#push(facts, ensured.project, mirror, fetched, targetRefs);
      this.#enter('verify');
      targetRefs = await this.#listTarget(mirror);
      sourceRefs = await this.#listSource(source);
    }
    const last = sourceRefs === null ? null : this.#compare(sourceRefs, targetRefs.refs);
    if (sourceRefs !== null && last !== null && isSame(last)) {
      return this.#finish(facts, ensured.project, targetRefs, last);
    }
    throw new EpicstarError('mirror-differs', describeDifference(last));
  }

  async #identify(): Promise<RepositoryFacts> {
    const { github, store } = this.#parts;
    const lookup = await github.repositoryById(this.#repository.githubId, this.#call.signal);
    if (lookup.kind === 'gone') throw new EpicstarError('github-gone', '');
    if (lookup.kind === 'blocked') {
      throw new EpicstarError('github-blocked', `Reason: ${lookup.reason}.`, {
        data: {
          blockReason: lookup.reason,
          ...(lookup.noticeUrl === null ? {} : { noticeUrl: lookup.noticeUrl }),
        },
      });
    }
    // Whether it is private is the list's to tell: a change that comes with the loss of the star is a verdict.
    const seen = { ...lookup.repository, isPrivate: this.#repository.isPrivate };
    if (differs(this.#repository, seen)) await store.updateFacts(seen);
    return lookup.repository;
  }

  /** @returns the cache, holding all that GitHub has and all old tips that are about to be replaced */
  async #fetch(
    facts: RepositoryFacts,
    source: GitRemote,
    mirror: GitRemote,
    sourceRefs: RefListing | null,
    targetRefs: RefListing,
  ): Promise<{ readonly cache: GitCache; readonly refs: RefMap }> {
    const { git } = this.#parts;
    this.#enter('fetch');
    const call = this.#gitCall();
    const { cache, isNew } = await git.openCache(facts.githubId);
    this.#cache = cache;
    if (isNew && targetRefs.refs.size > 0) {
      // The cache was dropped to keep its budget. What the mirror holds need not come from GitHub again.
      await this.#onTarget(() => git.fetchTips(cache, mirror, ['refs/heads/*', 'refs/tags/*'], call));
    }
    const local = isNew ? noRefs : await git.localRefs(cache, call);
    if (sourceRefs !== null && sameRefs(local, sourceRefs.refs)) {
      // A run that was cut after its fetch: everything is here already.
      return { cache, refs: local };
    }
    await checkDisk(this.#parts.disk, facts, isNew);
    const { bytesReceived } = await this.#onSource(() => git.fetch(cache, source, call));
    this.#bytesReceived += bytesReceived;
    return { cache, refs: await git.localRefs(cache, call) };
  }

  async #push(
    facts: RepositoryFacts,
    project: TargetProject,
    mirror: GitRemote,
    fetched: { readonly cache: GitCache; readonly refs: RefMap },
    targetRefs: RefListing,
  ): Promise<void> {
    this.#enter('plan');
    const { git, target, lanes, pushLimits } = this.#parts;
    const { cache, refs } = fetched;
    const call = this.#gitCall();
    const difference = this.#compare({ refs, head: null, unreadable: [] }, targetRefs.refs);
    refuseEmptied(refs, targetRefs.refs);
    if (!this.#acceptsLoss) refuseLoss(difference, this.#parts.holdLossPercent);
    const plan = reuseKept(await this.#plan(cache, mirror, difference), targetRefs.refs);

    this.#enter('push');
    this.#cacheBytes = await git.cacheBytes(cache);
    const pusher = new PlanPusher({ git, target, lanes, limits: pushLimits, cache, remote: mirror, project, call });
    const branches = branchNames(refs, (ref) => this.#fitness(ref));
    try {
      const { refused } = await this.#onTarget(() =>
        pusher.push(plan, {
          targetRefs: targetRefs.refs,
          targetHead: targetRefs.head === null ? null : shortBranch(targetRefs.head),
          wantedHead: chooseDefaultBranch(branches, facts.defaultBranch, null),
          cacheBytes: this.#cacheBytes ?? 0,
        }),
      );
      this.#refused = [...this.#refused, ...refused];
    } finally {
      this.#bytesSent += pusher.bytesSent;
      this.#moves.add(countMoves(plan, pusher.accepted));
    }
  }

  async #plan(cache: GitCache, mirror: GitRemote, difference: RefDifference): Promise<MirrorPlan> {
    const { git, clock } = this.#parts;
    const call = this.#gitCall();
    const losing = [...difference.changes, ...difference.deletes].flatMap(({ ref, from }) =>
      from === null ? [] : [{ ref, from }],
    );
    if (losing.length === 0) return planMirror(difference, new Set(), keptRefPrefix(clock.now()));
    const missing = await git.missingObjects(
      cache,
      losing.map(({ from }) => from),
      call,
    );
    if (missing.size > 0) {
      const refs = losing.filter(({ from }) => missing.has(from)).map(({ ref }) => ref);
      await this.#onTarget(() => git.fetchTips(cache, mirror, refs, call));
    }
    const heads = difference.changes.flatMap(({ ref, from, to }) =>
      ref.startsWith('refs/heads/') && from !== null && to !== null ? [{ ref, old: from, new: to }] : [],
    );
    const forward = await git.fastForwards(cache, heads, call);
    const fastForwards = new Set(heads.filter((_, index) => forward.has(index)).map(({ ref }) => ref));
    return planMirror(difference, fastForwards, keptRefPrefix(clock.now()));
  }

  async #finish(
    facts: RepositoryFacts,
    project: TargetProject,
    targetRefs: RefListing,
    difference: RefDifference,
  ): Promise<MirrorProof> {
    const { target } = this.#parts;
    const branches = branchNames(targetRefs.refs, (ref) => this.#fitness(ref));
    const current = targetRefs.head === null ? null : shortBranch(targetRefs.head);
    const wanted = chooseDefaultBranch(branches, facts.defaultBranch, current);
    if (wanted !== null && wanted !== current) await target.setDefaultBranch(project, wanted, this.#call.signal);
    this.#unchanged = difference.unchanged - this.#moves.standing;
    this.#unfit = difference.unfit;
    return {
      projectId: project.id,
      projectPath: project.path,
      projectUrl: project.webUrl,
      fullName: facts.fullName,
      defaultBranch: wanted,
      pushedAt: facts.pushedAt,
      verifiedAt: this.#parts.clock.now(),
      refCount: difference.unchanged,
      cacheBytes: this.#cacheBytes ?? this.#repository.mirror?.cacheBytes ?? 0,
    };
  }

  #compare(source: RefListing, target: RefMap): RefDifference {
    const difference = compareRefs(source.refs, target, (ref) => this.#fitness(ref));
    const unreadable = source.unreadable.map((ref) => ({ ref, reason: 'the name is not valid UTF-8' }));
    return { ...difference, unfit: [...difference.unfit, ...unreadable] };
  }

  #fitness(ref: string): string | null {
    const refused = this.#refused.find((unfit) => unfit.ref === ref);
    return refused?.reason ?? mirrorFitness((name) => this.#parts.target.refFitness(name))(ref);
  }

  #listSource(remote: GitRemote): Promise<RefListing> {
    return this.#onSource(() => this.#parts.git.listRefs(remote, 'heads-and-tags', this.#gitCall()));
  }

  #listTarget(remote: GitRemote): Promise<RefListing> {
    return this.#onTarget(() => this.#parts.git.listRefs(remote, 'advertised', this.#gitCall()));
  }

  /** git says little about why it was refused; the services' REST side says it in words. */
  async #onSource<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      const error = toEpicstarError(thrown);
      if (error.code === 'git-auth-refused' || error.code === 'git-not-found') {
        await this.#confirmName(this.#repository.fullName, error);
      }
      throw error;
    }
  }

  /** Git reaches repositories by name, and a name may be a stranger's by now: then what was fetched is the stranger's. */
  async #confirmName(fullName: string, cause?: EpicstarError): Promise<void> {
    const { fullName: now } = await this.#identify();
    if (now === fullName) return;
    throw new EpicstarError('github-moved', `Its name is ${now} now.`, { cause, data: { fullName: now } });
  }

  async #onTarget<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      const error = toEpicstarError(thrown);
      if (error.code === 'git-auth-refused' || error.code === 'git-not-found') {
        const { target, clock } = this.#parts;
        const failed = (await target.check(this.#call.signal)).find((item) => item.state === 'failed');
        if (failed !== undefined) throw refusedByTarget(failed, error, clock.now());
      }
      throw error;
    }
  }

  #gitCall(): GitCall {
    return { signal: this.#call.signal, onProgress: this.#call.onGit };
  }

  #enter(phase: MirrorPhase): void {
    this.#call.signal.throwIfAborted();
    this.#phases.enter(phase);
    this.#call.onPhase(phase);
  }

  #report(): MirrorReport {
    return {
      phases: this.#phases.end(),
      ...this.#moves.totals(),
      unchanged: Math.max(this.#unchanged, 0),
      unfit: this.#unfit,
      bytesReceived: this.#bytesReceived,
      bytesSent: this.#bytesSent,
    };
  }
}
