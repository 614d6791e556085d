/**
 * @file Sees new stars, moved repositories and repositories that left the list, with as few requests as can be.
 *
 * [Note: what a look proves] A new star is proven by one list item. That something is absent is proven only by a walk
 * over all pages in which every item could be read and none was newer than the newest at its begin, whose number of
 * distinct repositories is the total that GitHub names, and around which newest star and total did not change. Anything
 * less changes no row's absence.
 */
import { dueCause } from '../domain/due.ts';
import { EpicstarError } from '../domain/errors.ts';
import type { GithubId, Instant, RepositoryFacts, Star } from '../domain/repository.ts';
import type { SelectionDecision } from '../domain/selection.ts';
import type { Clock } from '../ports/clock.ts';
import type { Github, StarHead } from '../ports/github.ts';
import type { Log } from '../ports/log.ts';
import type { RepositoryRecord, Store, WatcherMemory } from '../ports/store.ts';
import type { LookReport } from './engine-api.ts';

export interface StarWatcherParts {
  readonly github: Github;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** How old a complete walk may grow before the next look is one. */
  readonly fullWalkEveryMs: number;
  /** Called while pages are walked, and with null at the end. */
  readonly onWalk: (walk: { readonly page: number; readonly pages: number | null } | null) => void;
  /** Called as soon as jobs were asked for, so that work starts before a long walk ends. */
  readonly onJobs: () => void;
  /** Whether a star is mirrored. */
  readonly select: (
    known: RepositoryRecord | null,
    repository: RepositoryFacts,
    starredAt: Instant,
  ) => SelectionDecision;
}

/** How often a walk that was disturbed is begun anew within one look. */
const mostWalks = 3;
/** A list that goes on for so many pages behind the number of stars that GitHub names is not believed. */
const pagesBeyond = 10;
const starsPerPage = 100;
/** After a look whose walks proved nothing the next walk waits, longer each time. */
const firstWalkDelayMs = 5 * 60_000;
const mostWalkDelayMs = 6 * 3_600_000;

interface Tally {
  newStars: number;
  jobsRequested: number;
  readonly unreadable: string[];
}

interface Walk {
  readonly present: ReadonlySet<GithubId>;
  readonly isWhole: boolean;
}

export class StarWatcher {
  readonly #parts: StarWatcherParts;
  #fruitlessLooks = 0;
  /** Whether the last reading of what moved was not whole, so that its watermark was not taken. */
  #isMovedDoubtful = false;
  #walkNotBefore: Instant = 0;

  constructor(parts: StarWatcherParts) {
    this.#parts = parts;
  }

  /**
   * Looks once. Rejects with an EpicstarError of a `github-*` code; what was seen until then is stored.
   *
   * @param full whether to walk over all pages even where nothing asks for it
   */
  async look(full: boolean, signal: AbortSignal): Promise<LookReport> {
    const { github, store, clock } = this.#parts;
    const memory = await store.watcherMemory();
    const at = clock.now();
    const head = await github.starHead(signal);
    const tally: Tally = { newStars: 0, jobsRequested: 0, unreadable: [] };
    const reason = full ? 'asked for' : this.#walkReason(memory, at);
    const report =
      reason === null
        ? await this.#quickLook(head, memory, tally, signal)
        : await this.#fullLook(head, reason, tally, signal);
    await store.rememberWatcher({ lastLookAt: clock.now() });
    return report;
  }

  #walkReason(memory: WatcherMemory, at: Instant): string | null {
    // A wait that is longer than any, and a walk that is still to come, tell of a clock that was put back.
    if (at < this.#walkNotBefore && this.#walkNotBefore - at <= mostWalkDelayMs) return null;
    if (memory.lastFullWalkAt === null) return 'first look';
    if (memory.total === null) return 'the last walk was disturbed';
    const isDue = at - memory.lastFullWalkAt >= this.#parts.fullWalkEveryMs || memory.lastFullWalkAt > at;
    return isDue ? 'due' : null;
  }

  async #quickLook(head: StarHead, memory: WatcherMemory, tally: Tally, signal: AbortSignal): Promise<LookReport> {
    const { store, clock } = this.#parts;
    if (!isSameHead(head, memory)) {
      await this.#readNewStars(head.total, tally, signal);
      // Without a total of a walk that proved something there is nothing to count from: the walk is waited for.
      const expected = memory.total === null ? null : memory.total + tally.newStars;
      const agrees = expected === head.total;
      if (expected !== null && !agrees && clock.now() >= this.#walkNotBefore) {
        return this.#fullLook(head, `GitHub counts ${head.total}, ${expected} are known`, tally, signal);
      }
      await store.rememberWatcher({ head: headOf(head), total: agrees ? head.total : null });
    }
    await this.#readMoved(memory.pushedWatermark, head.total, tally, signal);
    return {
      kind: 'quick',
      starsSeen: head.total,
      newStars: tally.newStars,
      jobsRequested: tally.jobsRequested,
      absent: 0,
      isEvidence: tally.unreadable.length === 0,
      unreadable: tally.unreadable,
    };
  }

  /** Reads newest first until a star that is known as it is. */
  async #readNewStars(total: number, tally: Tally, signal: AbortSignal): Promise<void> {
    for (let page = 1; page <= mostPages(total); page += 1) {
      const { stars, unreadable, hasNext } = await this.#parts.github.starPage('created', page, signal);
      tally.unreadable.push(...unreadable);
      const fresh: Star[] = [];
      let metKnown = false;
      for (const star of stars) {
        const known = await this.#parts.store.repository(star.repository.githubId);
        if (known !== null && known.absentSince === null && known.starredAt === star.starredAt) {
          metKnown = true;
          break;
        }
        fresh.push(star);
      }
      await this.#observe(fresh, tally);
      if (metKnown || !hasNext) return;
    }
  }

  /**
   * Reads by last push until what is older than everything handled before. A list that cannot be read whole is read
   * again by the next look; once, since an item that is broken for good would make every look longer than the last.
   */
  async #readMoved(watermark: Instant | null, total: number, tally: Tally, signal: AbortSignal): Promise<void> {
    const { github, store } = this.#parts;
    const unreadableBefore = tally.unreadable.length;
    let newest: Instant | null = null;
    let seen = 0;
    let isWhole = false;
    for (let page = 1; page <= mostPages(total); page += 1) {
      const { stars, unreadable, hasNext } = await github.starPage('updated', page, signal);
      tally.unreadable.push(...unreadable);
      await this.#observe(stars, tally);
      newest ??= newestPush(stars);
      seen += stars.length;
      const last = stars.at(-1)?.repository.pushedAt ?? null;
      // Equal times are read on, since several repositories can be pushed to within one second.
      const reachedKnown = watermark !== null && last !== null && last < watermark;
      isWhole = (reachedKnown || seen >= total) && tally.unreadable.length === unreadableBefore;
      if (reachedKnown || !hasNext) break;
    }
    this.#isMovedDoubtful = !isWhole && !this.#isMovedDoubtful;
    if (newest !== null && !this.#isMovedDoubtful) await store.rememberWatcher({ pushedWatermark: newest });
  }

  async #fullLook(firstHead: StarHead, reason: string, tally: Tally, signal: AbortSignal): Promise<LookReport> {
    const { github, store, clock, log } = this.#parts;
    log.info('reading the whole starred list', { reason, total: firstHead.total });
    // Read before the walk: whatever is pushed later is newer than this and seen by the next look.
    const watermark = newestPush((await github.starPage('updated', 1, signal)).stars);
    let head = firstHead;
    let absent: readonly GithubId[] = [];
    let isEvidence = false;
    let sawAny = false;
    for (let attempt = 1; attempt <= mostWalks && !isEvidence; attempt += 1) {
      const walk = await this.#walk(head, tally, signal);
      const after = await github.starHead(signal);
      sawAny ||= walk.present.size > 0;
      isEvidence = walk.isWhole && isSameStars(head, after) && walk.present.size === after.total;
      if (isEvidence) absent = await store.markAbsent(walk.present, clock.now());
      else log.warn('the walk proves nothing about what is missing', describeWalk(walk, head, after));
      head = after;
    }
    this.#fruitlessLooks = isEvidence ? 0 : this.#fruitlessLooks + 1;
    const delayMs = Math.min(firstWalkDelayMs * 2 ** Math.min(this.#fruitlessLooks - 1, 20), mostWalkDelayMs);
    this.#walkNotBefore = isEvidence ? 0 : clock.now() + delayMs;
    await store.rememberWatcher({
      head: headOf(head),
      // Null: the next look walks again, at its own time.
      total: isEvidence ? head.total : null,
      ...(isEvidence ? { lastFullWalkAt: clock.now() } : {}),
      // What was pushed to may stand where the walk could not read: then it is left to the next look.
      ...(isEvidence && watermark !== null ? { pushedWatermark: watermark } : {}),
    });
    // The worst that can happen to a list, and nothing that may pass in silence: no new star would ever be seen.
    if (!sawAny && head.total > 0) {
      const [first] = tally.unreadable;
      const why = first === undefined ? 'its pages are empty' : `none can be read (${first})`;
      throw new EpicstarError('github-unexpected', `It counts ${head.total} stars, but ${why}.`);
    }
    if (absent.length > 0) log.info('repositories left the starred list; their mirrors stay', { githubIds: absent });
    return {
      kind: 'full',
      starsSeen: head.total,
      newStars: tally.newStars,
      jobsRequested: tally.jobsRequested,
      absent: absent.length,
      isEvidence,
      unreadable: tally.unreadable,
    };
  }

  async #walk({ total, newest }: StarHead, tally: Tally, signal: AbortSignal): Promise<Walk> {
    const { github, onWalk } = this.#parts;
    const present = new Set<GithubId>();
    let isWhole = true;
    try {
      for (let page = 1; page <= mostPages(total); page += 1) {
        const { stars, unreadable, hasNext, lastPage } = await github.starPage('created', page, signal);
        onWalk({ page, pages: lastPage ?? page });
        tally.unreadable.push(...unreadable);
        if (unreadable.length > 0 || (stars.length === 0 && hasNext)) isWhole = false;
        // Starred since, and perhaps gone again by the end: it pushed another over the border of a page.
        if (stars.some(({ starredAt }) => starredAt > (newest?.starredAt ?? 0))) isWhole = false;
        for (const { repository } of stars) present.add(repository.githubId);
        await this.#observe(stars, tally);
        if (!hasNext) return { present, isWhole };
      }
    } finally {
      onWalk(null);
    }
    return { present, isWhole: false };
  }

  async #observe(stars: readonly Star[], tally: Tally): Promise<void> {
    if (stars.length === 0) return;
    const { store, clock, onJobs, select } = this.#parts;
    const { added, requested } = await store.observeStars(
      stars,
      clock.now(),
      (known, star) => dueCause(known, star.repository),
      (known, star) => select(known, star.repository, star.starredAt),
    );
    tally.newStars += added.length;
    tally.jobsRequested += requested;
    if (requested > 0) onJobs();
  }
}

function mostPages(total: number): number {
  return Math.ceil(total / starsPerPage) + pagesBeyond;
}

function isSameHead(head: StarHead, memory: WatcherMemory): boolean {
  return (
    head.total === memory.total &&
    (head.newest?.repository.githubId ?? null) === (memory.head?.githubId ?? null) &&
    (head.newest?.starredAt ?? null) === (memory.head?.starredAt ?? null)
  );
}

function isSameStars(a: StarHead, b: StarHead): boolean {
  return (
    a.total === b.total &&
    a.newest?.repository.githubId === b.newest?.repository.githubId &&
    a.newest?.starredAt === b.newest?.starredAt
  );
}

function headOf(head: StarHead): WatcherMemory['head'] {
  if (head.newest === null) return null;
  return { githubId: head.newest.repository.githubId, starredAt: head.newest.starredAt };
}

function newestPush(stars: readonly Star[]): Instant | null {
  let newest: Instant | null = null;
  for (const { repository } of stars) {
    if (repository.pushedAt !== null && (newest === null || repository.pushedAt > newest)) newest = repository.pushedAt;
  }
  return newest;
}

function describeWalk(walk: Walk, before: StarHead, after: StarHead): Record<string, unknown> {
  return {
    distinct: walk.present.size,
    totalBefore: before.total,
    totalAfter: after.total,
    newestChanged: !isSameStars(before, after),
    allReadable: walk.isWhole,
  };
}
