/**
 * @file Finds the mirrors that the target holds already and makes them known, so that a new data directory, or a new
 * place, goes on from them. By itself once for each place of mirrors, and whenever a person asks. What is found is
 * written by others and may be wrong: it says where to look, and proves nothing.
 *
 * [Note: order] A repository that is not known enters as absent, and the next reading of the starred list finds it present
 * if it is there. So it does not matter which of the two is done first, nor where either is cut.
 */
import { type EpicstarError, toEpicstarError } from '../domain/errors.ts';
import { isWikiId } from '../domain/extras.ts';
import { type GithubId, type Instant, type RepositoryFacts, unknownTime } from '../domain/repository.ts';
import type { Clock } from '../ports/clock.ts';
import type { Github } from '../ports/github.ts';
import type { Log } from '../ports/log.ts';
import type { HeldMirror, MirrorTarget, TargetProject } from '../ports/mirror-target.ts';
import type { Store } from '../ports/store.ts';
import type { MirrorPlace } from '../ports/store-held.ts';
import type { FoundReport, Rebuilt } from './engine-api.ts';
import { parseKeptJson } from './kept-json.ts';
import { orAborted } from './names-in-work.ts';

export interface MirrorFinderParts {
  readonly store: Store;
  readonly target: Pick<MirrorTarget, 'kind' | 'address' | 'list' | 'whereIs'>;
  readonly github: Pick<Github, 'host'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Names the place of the mirrors. */
  readonly place: string;
  readonly isHeld: () => boolean;
  /** These were put away by a person, on another machine. */
  readonly archive: (githubIds: readonly GithubId[], at: Instant) => Promise<void>;
  /** Rows changed. */
  readonly onFound: () => void;
}

interface Memory {
  /** Place whose mirrors were found last; null: that was begun and did not end. */
  readonly place: string | null;
  /** Whether nothing had been done with this store when it was begun. */
  readonly wasNew: boolean;
  readonly rebuilt: Rebuilt | null;
}

const valueKey = 'found-mirrors';
/** In one transaction, so that nothing else waits long for the database. */
const portion = 200;
const retryMs = 60_000;
const mostDescription = 2_000;
const mostNamed = 20;

export class MirrorFinder {
  readonly #parts: MirrorFinderParts;
  readonly #ending = new AbortController();
  #memory: Memory | null = null;
  #isLoaded = false;
  #finding: Promise<FoundReport> | null = null;
  /** What was found by itself. */
  #untold: FoundReport | null = null;
  /** Their runs go on once the target was looked at. */
  readonly #waiting = new Set<GithubId>();
  /** By the monotonic clock. */
  #notBeforeMs = 0;
  #hasFailed = false;

  constructor(parts: MirrorFinderParts) {
    this.#parts = parts;
  }

  /** What this store was built anew from; null: from nothing. Also where nothing was loaded. */
  async rebuilt(): Promise<Rebuilt | null> {
    if (!this.#isLoaded) await this.load();
    return this.#memory?.rebuilt ?? null;
  }

  /** Once, before anything else. */
  async load(): Promise<void> {
    const text = await this.#parts.store.readValue(valueKey);
    this.#memory = text === null ? null : parseMemory(parseKeptJson(text));
    this.#isLoaded = true;
  }

  /** Begins to look for mirrors where nobody did so at this place. */
  refresh(): void {
    const { target, place, clock, isHeld } = this.#parts;
    if (target.kind === 'none' || this.#memory?.place === place || this.#finding !== null) return;
    if (isHeld() || this.#ending.signal.aborted || clock.monotonicMs() < this.#notBeforeMs) return;
    void this.#beginByItself();
  }

  /**
   * Before a mirror is made: it may be there, and have been put away. Resolves once somebody looked at this place, or
   * nobody can. Rejects as the target does while it is away, and on abort.
   */
  async looked(githubId: GithubId, signal: AbortSignal): Promise<void> {
    const { target, place } = this.#parts;
    if (target.kind === 'none' || this.#memory?.place === place || this.#ending.signal.aborted) return;
    this.#waiting.add(githubId);
    const failures: EpicstarError[] = [];
    const finding = (this.#finding ?? this.#beginByItself()).then(
      () => undefined,
      (thrown: unknown) => {
        failures.push(toEpicstarError(thrown));
      },
    );
    try {
      await orAborted(finding, signal);
    } finally {
      this.#waiting.delete(githubId);
    }
    // A folder that is not there yet is made for the first mirror.
    const away = target.kind === 'folder' ? undefined : failures.find(isAway);
    if (away !== undefined) throw away;
  }

  /**
   * Looks for mirrors now, also where that was done before; what was just found by itself is told to whoever asks first.
   * Rejects as the target does; what was found until then stays.
   */
  async find(signal: AbortSignal): Promise<FoundReport> {
    const report = this.#finding === null ? this.#untold : await this.#finding;
    this.#untold = null;
    return report ?? (await this.#begin(AbortSignal.any([signal, this.#ending.signal])));
  }

  /** Resolves when nobody looks. */
  async settled(): Promise<void> {
    await this.#finding?.catch(() => undefined);
  }

  async stop(): Promise<void> {
    this.#ending.abort(new DOMException('epicstar ends', 'AbortError'));
    await this.settled();
  }

  #beginByItself(): Promise<FoundReport> {
    const finding = this.#begin(this.#ending.signal);
    finding.then(
      (report) => {
        this.#untold = report;
        this.#hasFailed = false;
      },
      (thrown: unknown) => this.#failed(toEpicstarError(thrown)),
    );
    return finding;
  }

  #begin(signal: AbortSignal): Promise<FoundReport> {
    this.#finding ??= this.#find(signal).finally(() => {
      this.#finding = null;
    });
    return this.#finding;
  }

  #failed({ code, message, kind }: EpicstarError): void {
    const { clock, log } = this.#parts;
    this.#notBeforeMs = clock.monotonicMs() + retryMs;
    if (kind === 'cancelled' || this.#hasFailed) return;
    this.#hasFailed = true;
    log.info('the mirrors that the target holds could not be listed; that is tried again', { code, message });
  }

  async #find(signal: AbortSignal): Promise<FoundReport> {
    const { store, target, github, clock, log, place, onFound } = this.#parts;
    const before = this.#memory;
    const isCut = before !== null && before.place === null;
    const wasNew = isCut ? before.wasNew : await this.#isNew();
    if (before === null) await this.#remember({ place: null, wasNew, rebuilt: null });
    const held = await target.list(signal);
    // A wiki is found by its repository's own run.
    const repositories = held.mirrors.filter(({ githubId }) => !isWikiId(githubId));
    const ofGithub = repositories.filter(({ htmlUrl }) => hostOf(htmlUrl) === github.host.toLowerCase());
    const ours = await this.#withoutClaims(ofGithub, signal);
    const counts = { entered: 0, placed: 0, moved: 0 };
    for (let from = 0; from < ours.length; from += portion) {
      signal.throwIfAborted();
      const found = ours.slice(from, from + portion).map((mirror) => ({
        facts: factsOf(mirror),
        place: placeOf(mirror.project),
        copies: mirror.copies.map(placeOf),
      }));
      const { entered, placed, moved } = await store.adoptMirrors(found, clock.now());
      counts.entered += entered.length;
      counts.placed += placed.length;
      counts.moved += moved.length;
      await this.#putAway(ours.slice(from, from + portion));
    }
    const copied = ours.filter(({ copies }) => copies.length > 0);
    const report: FoundReport = {
      address: target.address,
      found: ours.length,
      ...counts,
      ofOtherGithub: repositories.length - ofGithub.length,
      copies: copied.slice(0, mostNamed).map(describeCopies),
      unreadable: held.unreadable.slice(0, mostNamed),
    };
    const older = wasNew ? await this.#countOlder(ours) : 0;
    const rebuilt = older > 0 ? this.#note(clock.now(), older) : (before?.rebuilt ?? null);
    await this.#remember({ place, wasNew: false, rebuilt });
    if (ours.length > 0 || held.unreadable.length > 0)
      log.info('found the mirrors that the target holds', { ...report });
    onFound();
    return report;
  }

  /** A mirror that is known and there, if only elsewhere, is not given up for a project that says to be it. */
  async #withoutClaims(mirrors: readonly HeldMirror[], signal: AbortSignal): Promise<readonly HeldMirror[]> {
    const { store, target, log } = this.#parts;
    const taken: HeldMirror[] = [];
    for (const mirror of mirrors) {
      const { githubId, fullName, project, copies } = mirror;
      const known = (await store.repository(githubId))?.mirror ?? null;
      const isListed = known === null || [project, ...copies].some(({ id }) => id === known.projectId);
      const place = isListed ? null : { id: known.projectId, path: known.projectPath, webUrl: known.projectUrl };
      const there = place === null ? null : await target.whereIs(place, signal, githubId);
      if (there === null) taken.push(mirror);
      else log.info('a project says to be a mirror that stands elsewhere', { fullName, path: project.path });
    }
    return taken;
  }

  /** Only those of which nothing was done here: what this store knows of the others is newer than their place. */
  async #putAway(mirrors: readonly HeldMirror[]): Promise<void> {
    const { store, clock, archive } = this.#parts;
    const githubIds: GithubId[] = [];
    for (const { githubId, isArchived } of mirrors) {
      if (!isArchived) continue;
      const known = await store.repository(githubId);
      if (known?.archivedAt === null && known.mirror?.verifiedAt === unknownTime) githubIds.push(githubId);
    }
    if (githubIds.length > 0) await archive(githubIds, clock.now());
  }

  /** Those that were there before anything was done with this store; others may be made while the list is read. */
  async #countOlder(mirrors: readonly HeldMirror[]): Promise<number> {
    const { store } = this.#parts;
    let older = 0;
    for (let from = 0; from < mirrors.length; from += portion) {
      const ids = mirrors.slice(from, from + portion).map(({ githubId }) => githubId);
      for (const { repository, job } of await store.repositoryRows(ids)) {
        const isProven = (repository.mirror?.verifiedAt ?? unknownTime) > unknownTime;
        const isRunning = job?.state === 'running' && !this.#waiting.has(repository.githubId);
        const isMadeNow = isProven ? await this.#wasMadeHere(repository.githubId) : isRunning;
        if (!isMadeNow) older += 1;
      }
    }
    return older;
  }

  /** Whether its first run here found nothing there. */
  async #wasMadeHere(githubId: GithubId): Promise<boolean> {
    const query = { githubId, outcome: 'done', since: null, offset: 0, limit: 200 } as const;
    const first = (await this.#parts.store.runs(query)).items.at(-1);
    return first !== undefined && first.report.created > 0 && first.report.unchanged === 0;
  }

  #note(at: Instant, mirrors: number): Rebuilt {
    return { at, mirrors, address: this.#parts.target.address };
  }

  async #isNew(): Promise<boolean> {
    const { total } = await this.#parts.store.runs({ githubId: null, outcome: null, since: null, offset: 0, limit: 1 });
    return total === 0;
  }

  async #remember(memory: Memory): Promise<void> {
    await this.#parts.store.writeValue(valueKey, JSON.stringify(memory));
    this.#memory = memory;
  }
}

function placeOf({ id, path, webUrl }: TargetProject): MirrorPlace {
  return { projectId: id, projectPath: path, projectUrl: webUrl };
}

/** What the mirror does not tell is blank until GitHub tells it. */
function factsOf({ githubId, fullName, description, htmlUrl }: HeldMirror): RepositoryFacts {
  return {
    githubId,
    fullName,
    htmlUrl,
    description: description === null ? null : description.slice(0, mostDescription),
    nodeId: '',
    defaultBranch: '',
    sizeKb: 0,
    isPrivate: false,
    isFork: false,
    isArchived: false,
    isDisabled: false,
    hasWiki: false,
    pushedAt: null,
    language: null,
    licenseSpdx: null,
    topics: [],
    homepage: null,
  };
}

/** Whoever makes a mirror meets the same. */
function isAway({ code }: EpicstarError): boolean {
  return ['target-unavailable', 'target-starting', 'target-signed-out', 'cancelled'].includes(code);
}

/** Ids are of one GitHub: the same one elsewhere is another repository. */
function hostOf(htmlUrl: string): string | null {
  return URL.canParse(htmlUrl) ? new URL(htmlUrl).host.toLowerCase().replace(/^www\./, '') : null;
}

function describeCopies({ fullName, githubId, project, copies }: HeldMirror): string {
  const others = copies.map(({ path }) => `'${path}'`).join(', ');
  return `${fullName} (id ${githubId}): '${project.path}' is taken; ${others} say the same of themselves.`;
}

function parseMemory(value: unknown): Memory | null {
  if (typeof value !== 'object' || value === null) return null;
  const { place, wasNew, rebuilt }: { place?: unknown; wasNew?: unknown; rebuilt?: unknown } = value;
  if ((place !== null && typeof place !== 'string') || typeof wasNew !== 'boolean') return null;
  return { place, wasNew, rebuilt: parseRebuilt(rebuilt) };
}

function parseRebuilt(value: unknown): Rebuilt | null {
  if (typeof value !== 'object' || value === null) return null;
  const { at, mirrors, address }: { at?: unknown; mirrors?: unknown; address?: unknown } = value;
  const isWhole = typeof at === 'number' && typeof mirrors === 'number' && typeof address === 'string';
  return isWhole ? { at, mirrors, address } : null;
}
