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
  mirrorFitness,
  type RefDifference,
  type RefMap,
  reuseKept,
  type UnfitRef,
} from '../domain/plan.ts';
import type { RepositoryFacts } from '../domain/repository.ts';
import type { GitCache, GitCall, GitRemote, RefListing } from '../ports/git.ts';
import type { TargetProject } from '../ports/mirror-target.ts';
import type { RepositoryRecord } from '../ports/store.ts';
import { refuseBuilds } from './build-definitions.ts';
import { fetchSteps } from './fetch-steps.ts';
import { removeIncoming } from './history-slices.ts';
import { MirrorEnds } from './mirror-ends.ts';
import type { MirrorEnd } from './mirror-extras.ts';
import type { MirrorCall, MirrorJobParts } from './mirror-parts.ts';
import { notePlaces } from './mirror-places.ts';
import { keptAgainSince, tendKept } from './kept-tips.ts';
import { digestOfMirror, planMoves } from './mirror-plan.ts';
import {
  branchNames,
  describeDifference,
  headsAndTags,
  refuseEmptied,
  refuseLoss,
  sameRefs,
  shortBranch,
} from './mirror-refs.ts';
import { countMoves, MoveCount } from './move-count.ts';
import { PhaseTimer } from './phase-timer.ts';
import { PlanPusher } from './plan-pusher.ts';
import { Room } from './room.ts';
import { takeOverProblem } from './take-over.ts';

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
  readonly #ends: MirrorEnds;
  readonly #room: Room;
  readonly #phases: PhaseTimer;
  readonly #moves = new MoveCount();
  #unchanged = 0;
  #letGo = 0;
  #unfit: readonly UnfitRef[] = [];
  /** Refs that only trying showed to be unfit: the server refuses them whatever is done. */
  #refused: readonly UnfitRef[] = [];
  #bytesReceived = 0;
  #bytesSent = 0;
  #cache: GitCache | null = null;
  #cacheBytes: number | null = null;
  #end: MirrorEnd | null = null;

  /** @param acceptsLoss a person said that this run may follow whatever upstream lost */
  constructor(parts: MirrorJobParts, repository: RepositoryRecord, call: MirrorCall, acceptsLoss: boolean) {
    this.#acceptsLoss = acceptsLoss;
    this.#parts = parts;
    this.#repository = repository;
    this.#call = call;
    this.#ends = new MirrorEnds(parts, repository, this.#gitCall());
    this.#room = parts.room ?? new Room(parts);
    this.#phases = new PhaseTimer(parts.clock);
  }

  /** Bytes of the cache after the run; null where it was not touched. */
  get cacheBytes(): number | null {
    return this.#cacheBytes;
  }

  /** How it ended; null until it succeeded. */
  get end(): MirrorEnd | null {
    return this.#end;
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
    const facts = await this.#ends.identify();
    return this.#parts.names.hold(facts.fullName, this.#call.signal, async (hasWaited) => {
      if (hasWaited) await this.#ends.confirmName(facts.fullName);
      return this.#mirror(facts);
    });
  }

  async #mirror(facts: RepositoryFacts): Promise<MirrorProof> {
    const { github, target } = this.#parts;
    this.#enter('project');
    const list = (await this.#parts.lists?.placeOf(this.#repository)) ?? null;
    const ensured = await target.ensureProject(
      {
        githubId: facts.githubId,
        fullName: facts.fullName,
        description: facts.description,
        htmlUrl: facts.htmlUrl,
        list,
      },
      this.#repository.mirror?.projectId ?? null,
      this.#call.signal,
      (remote) => takeOverProblem(this.#parts, this.#ends, facts, remote, this.#gitCall()),
    );
    await notePlaces(this.#parts, this.#repository, ensured, this.#call.signal);
    await this.#parts.lists?.placed(facts.githubId, list, ensured.how === 'created');
    const source = await github.remote(facts.fullName);
    const mirror = await target.remote(ensured.project);

    let sourceRefs: RefListing | null = null;
    let targetRefs: RefListing = { refs: noRefs, head: null, unreadable: [] };
    if (ensured.how === 'adopted') {
      this.#enter('compare');
      sourceRefs = await this.#ends.listSource(source);
      targetRefs = await this.#ends.listTarget(mirror);
    }

    for (let round = 1; round <= mostRounds; round += 1) {
      const difference = sourceRefs === null ? null : this.#compare(sourceRefs, targetRefs.refs);
      if (sourceRefs !== null && difference !== null && isSame(difference)) {
        return this.#finish(facts, ensured.project, targetRefs, difference);
      }
      const fetched = await this.#fetch(facts, source, mirror, sourceRefs, targetRefs);
      await this.#ends.confirmName(facts.fullName);
      await this.#push(facts, ensured.project, mirror, fetched, targetRefs);
      this.#enter('verify');
      targetRefs = await this.#ends.listTarget(mirror);
      sourceRefs = await this.#ends.listSource(source);
    }
    const last = sourceRefs === null ? null : this.#compare(sourceRefs, targetRefs.refs);
    if (sourceRefs !== null && last !== null && isSame(last)) {
      return this.#finish(facts, ensured.project, targetRefs, last);
    }
    throw new EpicstarError('mirror-differs', describeDifference(last));
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
      await this.#ends.onTarget(() => git.fetchTips(cache, mirror, ['refs/heads/*', 'refs/tags/*'], call));
    }
    const local = isNew ? noRefs : await git.localRefs(cache, call);
    if (sourceRefs !== null && sameRefs(local, sourceRefs.refs)) {
      // A run that was cut after its fetch: everything is here already.
      return { cache, refs: local };
    }
    const steps = fetchSteps(this.#parts.deepenBytes ?? 0, facts, this.#call);
    const { bytesReceived } = await this.#room.fetching(facts, isNew, () =>
      this.#ends.onSource(() => git.fetch(cache, source, call, steps)),
    );
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
    await refuseBuilds(this.#parts, { githubId: facts.githubId, cache, refs, difference, call });
    const plan = reuseKept(
      await planMoves(this.#parts, this.#ends, { cache, mirror, difference, call }),
      targetRefs.refs,
      keptAgainSince(this.#parts),
    );

    this.#enter('push');
    this.#cacheBytes = await git.cacheBytes(cache);
    const ends = { git, target, lanes, limits: pushLimits, cache, remote: mirror, project, call };
    const pusher = new PlanPusher({ ...ends, clock: this.#parts.clock, onPart: (part) => this.#call.onPart?.(part) });
    const branches = branchNames(refs, (ref) => this.#fitness(ref));
    try {
      const context = {
        targetRefs: targetRefs.refs,
        targetHead: targetRefs.head === null ? null : shortBranch(targetRefs.head),
        wantedHead: chooseDefaultBranch(branches, facts.defaultBranch, null),
        cacheBytes: this.#cacheBytes ?? 0,
      };
      const size = { cacheBytes: context.cacheBytes, exactBytes: () => pusher.packBytes(plan, context) };
      const { refused } = await this.#room.pushing(facts.fullName, size, () =>
        this.#ends.onTarget(() => pusher.push(plan, context)),
      );
      this.#refused = [...this.#refused, ...refused];
    } finally {
      this.#bytesSent += pusher.bytesSent;
      this.#moves.add(countMoves(plan, pusher.accepted));
    }
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
    this.#end = { facts, project, refs: headsAndTags(targetRefs.refs), defaultBranch: wanted };
    const call = this.#gitCall();
    await removeIncoming(this.#parts, project, targetRefs.refs, call);
    this.#letGo = await tendKept(this.#parts, { ...facts, project, targetRefs: targetRefs.refs, call });
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
      refsDigest: digestOfMirror(this.#parts, targetRefs.refs),
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
      ...(this.#letGo === 0 ? {} : { letGo: this.#letGo }),
      unchanged: Math.max(this.#unchanged, 0),
      unfit: this.#unfit,
      bytesReceived: this.#bytesReceived,
      bytesSent: this.#bytesSent,
    };
  }
}
