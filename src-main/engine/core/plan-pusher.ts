/**
 * @file Carries out a plan on a target, in the order that loses nothing and that the target can take: old tips are
 * kept first; the default branch goes first into an empty project unless the target chooses it by itself anyway; then
 * everything else in batches; tags of trees and blobs on their own, since they spoil a server's bookkeeping of the push
 * they are part of; deletes last, but for those that stand in the way of a create. What is refused in words does not
 * keep the rest from going.
 */
import { EpicstarError, toEpicstarError } from '../domain/errors.ts';
import { blockingDeletes, type MirrorPlan, type RefMap, type RefUpdate, type UnfitRef } from '../domain/plan.ts';
import type { Clock } from '../ports/clock.ts';
import type { Git, GitCache, GitCall, GitRemote, PushCommand, PushRejection } from '../ports/git.ts';
import type { MirrorTarget, PushLimits, TargetProject } from '../ports/mirror-target.ts';
import { HistorySlices } from './history-slices.ts';
import type { PushLanes } from './push-lanes.ts';
import type { WorkPart } from './work-part.ts';

export interface PlanPusherParts {
  readonly git: Git;
  readonly target: MirrorTarget;
  readonly lanes: PushLanes;
  readonly limits: PushLimits;
  readonly cache: GitCache;
  readonly remote: GitRemote;
  readonly project: TargetProject;
  readonly call: GitCall;
  readonly clock: Clock;
  readonly onPart: (part: WorkPart | null) => void;
}

export interface PushContext {
  readonly targetRefs: RefMap;
  /** Short name of the branch that the target's HEAD is on; null: none or dangling. */
  readonly targetHead: string | null;
  /** Short name of the branch that HEAD shall be on; null: there is no branch. */
  readonly wantedHead: string | null;
  /** Bytes of the cache: no pack can be much larger. */
  readonly cacheBytes: number;
}

export interface PushSummary {
  /** Refs that the server refuses for their name. */
  readonly refused: readonly UnfitRef[];
}

/** How many extra pushes may be spent on finding the refs for which a server declines a whole push. */
const mostBisections = 64;

/** HEAD's branch while the only branch of a mirror makes way for another of the same beginning (`a` for `a/b`). */
const interimRef = 'refs/heads/epicstar-interim';

const plainName = /^[A-Za-z0-9._/-]+$/;

export class PlanPusher {
  readonly #parts: PlanPusherParts;
  readonly #refused: UnfitRef[] = [];
  /** Refused in words, such as those of a branch protection. */
  readonly #rejected: PushRejection[] = [];
  readonly #accepted = new Set<string>();
  #rejectedOutput = '';
  #bytesSent = 0;
  #bisections = 0;
  #slices: HistorySlices | null = null;

  constructor(parts: PlanPusherParts) {
    this.#parts = parts;
  }

  /** Refs that the target has accepted so far, also after {@link push} rejected. */
  get accepted(): ReadonlySet<string> {
    return this.#accepted;
  }

  /** Of all pushes so far, also after {@link push} rejected. */
  get bytesSent(): number {
    return this.#bytesSent + (this.#slices?.bytesSent ?? 0);
  }

  /** Rejects with `git-push-rejected` after everything else went through. */
  async push(plan: MirrorPlan, context: PushContext): Promise<PushSummary> {
    this.#slices = new HistorySlices(this.#parts, context.targetRefs);
    try {
      const summary = await this.#pushAll(plan, context, this.#slices);
      await this.#slices.clear();
      return summary;
    } catch (error) {
      // What was cut goes on from what is incoming; what is refused may be refused for ever.
      if (toEpicstarError(error).code === 'git-push-rejected') await this.#slices.clear();
      throw error;
    }
  }

  async #pushAll(plan: MirrorPlan, context: PushContext, slices: HistorySlices): Promise<PushSummary> {
    await this.#keepOldTips(plan, context.targetRefs);

    const updates = [...plan.fastForwards, ...plan.rewrites, ...plan.creates];
    const isLarge = await this.#isLarge(updates, context, slices);
    const special = await this.#specialTags(updates);
    const ordinary = headFirst(
      updates.filter(({ ref }) => !special.has(ref)),
      context.wantedHead,
    );
    const blocking = blockingDeletes(plan);
    const head = new HeadKeeper(this.#parts, context);

    const rest = await this.#pushHeadAlone(ordinary, context, blocking, isLarge);
    if (blocking.size > 0) {
      const sent = this.#arrived(ordinary.filter((update) => !rest.includes(update)));
      await head.leave(blocking, sent, () => this.#pushInterim(updates, context));
      await this.#send(
        plan.deletes.filter(({ ref }) => blocking.has(ref)),
        false,
      );
    }
    await this.#send(rest, isLarge);
    await this.#send(
      updates.filter(({ ref }) => special.has(ref)),
      isLarge,
    );

    const interim = head.interim === null ? [] : [{ ...head.interim, from: head.interim.to, to: null }];
    const prunes = [...plan.deletes.filter(({ ref }) => !blocking.has(ref)), ...interim];
    if (prunes.length > 0) {
      await head.leave(new Set(prunes.map(({ ref }) => ref)), this.#arrived(updates), () => Promise.resolve(null));
      await this.#send(prunes, false);
    }
    if (this.#rejected.length > 0) throw rejectedError(this.#rejected, this.#rejectedOutput);
    return { refused: this.#refused };
  }

  /** Those of the updates that were sent and that the server took. */
  #arrived(sent: readonly RefUpdate[]): ReadonlySet<string> {
    return new Set(sent.map(({ ref }) => ref).filter((ref) => this.#accepted.has(ref)));
  }

  /** The tip that HEAD shall be on, under a name that is in nobody's way. Null: there is no such tip. */
  async #pushInterim(updates: readonly RefUpdate[], context: PushContext): Promise<RefUpdate | null> {
    const wanted = updates.find(({ ref }) => ref === `refs/heads/${context.wantedHead ?? ''}`);
    if (wanted === undefined || context.targetRefs.has(interimRef)) return null;
    const interim = { ref: interimRef, from: null, to: wanted.to };
    await this.#send([interim], false);
    return this.#accepted.has(interimRef) ? interim : null;
  }

  /** Any refusal here ends the run: what would be lost has to be kept before anything is overwritten. */
  async #keepOldTips(plan: MirrorPlan, targetRefs: RefMap): Promise<void> {
    const missing = plan.kept.filter(({ ref, oid }) => targetRefs.get(ref) !== oid);
    const byName = new Map(missing.map(({ ref, oid }) => [ref, oid]));
    const commands = [...byName].map(([ref, oid]) => ({ ref, oid, expect: null }));
    for (const batch of batches(commands, this.#parts.limits.refsPerPush)) {
      const { rejected, output } = await this.#pushOnce(batch, false);
      if (rejected.length > 0) throw rejectedError(rejected, output);
    }
  }

  /**
   * Sends the wanted default branch on its own where the target would otherwise choose another for an empty project.
   *
   * @returns what is still to be sent
   */
  async #pushHeadAlone(
    updates: readonly RefUpdate[],
    context: PushContext,
    blocking: ReadonlySet<string>,
    isLarge: boolean,
  ): Promise<readonly RefUpdate[]> {
    const headRef = context.wantedHead === null ? null : `refs/heads/${context.wantedHead}`;
    const first = updates.find(({ ref }) => ref === headRef);
    if (first === undefined) return updates;
    const isFirstPush = context.targetHead === null;
    const order = updates.flatMap(({ ref }) =>
      ref.startsWith('refs/heads/') ? [ref.slice('refs/heads/'.length)] : [],
    );
    const automatic = this.#parts.target.automaticDefault(order);
    const needed = isFirstPush ? automatic !== null && automatic !== context.wantedHead : blocking.size > 0;
    if (!needed || collides(first.ref, blocking)) return updates;
    await this.#send([first], isLarge);
    return updates.filter((update) => update !== first);
  }

  /** Whether what is left for the refs themselves is large. What is too large for one push has gone ahead by then. */
  async #isLarge(updates: readonly RefUpdate[], context: PushContext, slices: HistorySlices): Promise<boolean> {
    const { git, limits, cache, call } = this.#parts;
    if (updates.length === 0 || context.cacheBytes < limits.smallPackBytes) return false;
    const { wants, haves } = await this.#ends(updates, context);
    const bytes = await git.packBytes(cache, wants, haves, call);
    const isSliced = limits.slices !== undefined && limits.slices !== null && bytes > limits.slices.bytes;
    return (isSliced ? await slices.push(wants, haves) : bytes) >= limits.smallPackBytes;
  }

  /** Upper estimate of what the target has to take in. */
  async packBytes(plan: MirrorPlan, context: PushContext): Promise<number> {
    const { git, cache, call } = this.#parts;
    const { wants, haves } = await this.#ends([...plan.fastForwards, ...plan.rewrites, ...plan.creates], context);
    return wants.length === 0 ? 0 : await git.packBytes(cache, wants, haves, call);
  }

  async #ends(updates: readonly RefUpdate[], context: PushContext) {
    const { git, cache, call } = this.#parts;
    const wants = updates.flatMap(({ to }) => (to === null ? [] : [to]));
    // Every object of the target's tips need not be here; those that are not cannot make the pack smaller.
    const tips = [...new Set(context.targetRefs.values())];
    const missing = await git.missingObjects(cache, tips, call);
    return { wants, haves: tips.filter((oid) => !missing.has(oid)) };
  }

  async #specialTags(updates: readonly RefUpdate[]): Promise<ReadonlySet<string>> {
    const { git, cache, call } = this.#parts;
    const tags = updates.filter(({ ref, to }) => ref.startsWith('refs/tags/') && to !== null);
    if (tags.length === 0) return new Set();
    const oids = [...new Set(tags.flatMap(({ to }) => (to === null ? [] : [to])))];
    const types = await git.peeledTypes(cache, oids, call);
    return new Set(tags.filter(({ to }) => types.get(to ?? '') !== 'commit').map(({ ref }) => ref));
  }

  async #send(updates: readonly RefUpdate[], isLarge: boolean): Promise<void> {
    const commands = updates.map(({ ref, from, to }) => ({ ref, oid: to, expect: from }));
    for (const batch of batches(commands, this.#parts.limits.refsPerPush)) {
      await this.#sendBatch(batch, isLarge);
    }
  }

  /**
   * A server that chokes on one name declines the whole push with nothing but a 500 of its hook, so the batch is halved
   * until the name stands alone; the others go through. One that refuses in words (branch protection) declines the whole
   * push as well, but names the ref: the others are sent without it.
   */
  async #sendBatch(commands: readonly PushCommand[], isLarge: boolean): Promise<void> {
    const { rejected, output } = await this.#pushOnce(commands, isLarge);
    if (rejected.length === 0) return;
    const chokedOnName =
      rejected.length === commands.length &&
      rejected.every(({ reason }) => reason.includes('pre-receive hook declined')) &&
      /returned error: 500/.test(output);
    if (!chokedOnName) {
      const named = new Set(namedRefs(output));
      const innocent = rejected.length < commands.length ? [] : commands.filter(({ ref }) => !named.has(ref));
      const isRetried = innocent.length < commands.length && this.#bisections < mostBisections;
      this.#rejected.push(...rejected.filter(({ ref }) => !isRetried || !innocent.some((other) => other.ref === ref)));
      this.#rejectedOutput += `${output}\n`;
      this.#bisections += 1;
      if (isRetried && innocent.length > 0) await this.#sendBatch(innocent, isLarge);
      return;
    }
    if (this.#bisections >= mostBisections) throw rejectedError(rejected, output);
    const only = commands.length === 1 ? commands[0] : undefined;
    if (only !== undefined) {
      // A name of plain characters is not what the server chokes on: then the 500 has another reason.
      if (plainName.test(only.ref)) throw rejectedError(rejected, output);
      this.#refused.push({ ref: only.ref, reason: 'the mirror server fails on this name' });
      return;
    }
    this.#bisections += 2;
    const middle = Math.ceil(commands.length / 2);
    await this.#sendBatch(commands.slice(0, middle), isLarge);
    await this.#sendBatch(commands.slice(middle), isLarge);
  }

  async #pushOnce(
    commands: readonly PushCommand[],
    isLarge: boolean,
  ): Promise<{ readonly rejected: readonly PushRejection[]; readonly output: string }> {
    const { git, lanes, cache, remote, call } = this.#parts;
    const result = await lanes.run(isLarge, call.signal, () => git.push(cache, remote, commands, call));
    this.#bytesSent += result.bytesSent;
    for (const ref of result.accepted) this.#accepted.add(ref);
    return result;
  }
}

/** Moves the target's HEAD off a branch before that is deleted, which git servers refuse. */
class HeadKeeper {
  readonly #parts: PlanPusherParts;
  readonly #context: PushContext;
  #head: string | null;
  #interim: RefUpdate | null = null;

  constructor(parts: PlanPusherParts, context: PushContext) {
    this.#parts = parts;
    this.#context = context;
    this.#head = context.targetHead;
  }

  /** The branch that was made for HEAD alone and has to go at the end; null: none. */
  get interim(): RefUpdate | null {
    return this.#interim;
  }

  /**
   * @param doomed refs that are about to be deleted
   * @param arrived refs that this run has pushed already
   * @param makeInterim called where no other branch is left
   */
  async leave(
    doomed: ReadonlySet<string>,
    arrived: ReadonlySet<string>,
    makeInterim: () => Promise<RefUpdate | null>,
  ): Promise<void> {
    if (this.#head === null || !doomed.has(`refs/heads/${this.#head}`)) return;
    const { target, project, call } = this.#parts;
    const standing = [...arrived, ...this.#context.targetRefs.keys()].filter(
      (ref) => ref.startsWith('refs/heads/') && !doomed.has(ref),
    );
    const wanted = `refs/heads/${this.#context.wantedHead ?? ''}`;
    let next = standing.includes(wanted) ? wanted : standing[0];
    if (next === undefined) {
      this.#interim = await makeInterim();
      next = this.#interim?.ref;
    }
    if (next === undefined) {
      throw new EpicstarError(
        'git-push-rejected',
        `The branch ${this.#head} has to go, and the mirror has no other branch that it could show instead.`,
      );
    }
    this.#head = next.slice('refs/heads/'.length);
    await target.setDefaultBranch(project, this.#head, call.signal);
  }
}

/** The refs that OneDev blames for declining a push. */
function namedRefs(output: string): readonly string[] {
  return [...output.matchAll(/ERROR PUSHING REF: (\S+)/g)].flatMap(([, ref]) => ref ?? []);
}

function headFirst(updates: readonly RefUpdate[], head: string | null): readonly RefUpdate[] {
  const ref = `refs/heads/${head ?? ''}`;
  return [...updates.filter((update) => update.ref === ref), ...updates.filter((update) => update.ref !== ref)];
}

/** Whether git cannot hold this ref beside one of those. */
function collides(ref: string, others: ReadonlySet<string>): boolean {
  return [...others].some((other) => other.startsWith(`${ref}/`) || ref.startsWith(`${other}/`));
}

function batches<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const result: (readonly T[])[] = [];
  for (let start = 0; start < items.length; start += size) result.push(items.slice(start, start + size));
  return result;
}

function rejectedError(rejected: readonly PushRejection[], output: string): EpicstarError {
  const [first] = rejected;
  const more = rejected.length > 1 ? ` and ${rejected.length - 1} more` : '';
  const detail = first === undefined ? '' : `${first.ref}${more}: ${first.reason}.`;
  return new EpicstarError('git-push-rejected', detail, { data: { output } });
}
