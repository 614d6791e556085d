/**
 * @file What to mirror: keeps the rules and the names of GitHub Lists over restarts, decides on stars as they come, and
 * tells what other rules would come to.
 */
import { dueCause } from '../domain/due.ts';
import type { JobCause } from '../domain/job.ts';
import type { GithubId, Instant, RepositoryFacts } from '../domain/repository.ts';
import {
  type Answer,
  type Choice,
  decideSelection,
  defaultSelectionRules,
  isPutOff,
  type OnlyNever,
  type PutOff,
  type SelectionDecision,
  type SelectionRules,
} from '../domain/selection.ts';
import { choicesAmong, previewRules, type SelectionPreview } from '../domain/selection-preview.ts';
import type { Clock } from '../ports/clock.ts';
import type { Disk } from '../ports/disk.ts';
import type { StarList } from '../ports/github.ts';
import type { Log } from '../ports/log.ts';
import type { MirrorTarget } from '../ports/mirror-target.ts';
import type { RepositoryRecord, Store } from '../ports/store.ts';
import type { SelectionControl } from './engine-api.ts';
import type { ChosenIds } from './config-file.ts';
import { parseKeptJson } from './kept-json.ts';
import { PendingChoices } from './pending-choices.ts';
import { PutOffQuestions } from './put-off-questions.ts';

export interface SelectionKeeperParts {
  readonly store: Store;
  readonly disk: Disk;
  readonly target: MirrorTarget;
  readonly clock: Clock;
  readonly log: Log;
  /** Rows and perhaps jobs changed. */
  readonly onChanged: () => void;
}

const rulesKey = 'selection-rules';
const awaitedKey = 'selection-awaited';
const listsKey = 'github-lists';

export class SelectionKeeper implements SelectionControl {
  readonly #parts: SelectionKeeperParts;
  #rules: SelectionRules = defaultSelectionRules;
  #isAwaited = false;
  #isLoaded = false;
  readonly #pending: PendingChoices;
  readonly #putOff: PutOffQuestions;
  #lists: readonly StarList[] | null = null;
  #listsOf: ReadonlyMap<GithubId, readonly string[]> = new Map();

  constructor(parts: SelectionKeeperParts) {
    this.#parts = parts;
    this.#pending = new PendingChoices(parts.store);
    this.#putOff = new PutOffQuestions(parts.store);
  }

  /** Whether no work may begin because a person is still choosing. */
  get isAwaited(): boolean {
    return this.#isAwaited;
  }

  /** Whether any rule speaks of GitHub Lists, so that they have to be read. */
  get needsLists(): boolean {
    const { only, never } = this.#rules.lists;
    return this.#isAwaited || only.length + never.length > 0;
  }

  /** Before the first star is decided on. */
  async load(): Promise<void> {
    const { store } = this.#parts;
    const [rules, awaited, lists] = await Promise.all([
      store.readValue(rulesKey),
      store.readValue(awaitedKey),
      store.readValue(listsKey),
    ]);
    const readable = this.#parsed(rules, rulesKey, parseRules);
    this.#rules = readable ?? defaultSelectionRules;
    // Rules that were chosen and cannot be read are asked for again rather than taken for "everything".
    this.#isAwaited = awaited !== null || (rules !== null && readable === null);
    this.#takeLists(this.#parsed(lists, listsKey, parseLists));
    await Promise.all([this.#pending.load(), this.#putOff.load()]);
    this.#isLoaded = true;
  }

  /** A person may have something to say to an engine that was not started. */
  async #loadOnce(): Promise<void> {
    if (!this.#isLoaded) await this.load();
  }

  /** For a star as it is seen. */
  readonly select = (
    known: RepositoryRecord | null,
    repository: RepositoryFacts,
    starredAt: number,
  ): SelectionDecision =>
    inArchive(known) ??
    decideSelection(
      this.#rules,
      repository,
      starredAt,
      this.#choiceOf(repository.githubId, known),
      this.#listNames(repository.githubId),
      this.#putOffOf(repository),
    );

  async selectionRules(): Promise<SelectionRules> {
    return this.#rules;
  }

  async previewSelection(rules: SelectionRules): Promise<SelectionPreview> {
    const { store, disk, target } = this.#parts;
    const [repositories, freeBytesHere, freeBytesAtTarget] = await Promise.all([
      store.allRepositories(),
      disk.freeBytes(),
      target.freeBytes(),
    ]);
    return {
      ...previewRules(rules, repositories, (githubId) => this.#listNames(githubId)),
      freeBytesHere,
      freeBytesAtTarget,
      choices: choicesAmong(repositories, this.#lists),
    };
  }

  async saveSelection(rules: SelectionRules): Promise<SelectionPreview> {
    const { store, log } = this.#parts;
    // The rules first: a crash between the two leaves work held rather than begun by rules that nobody chose.
    await store.writeValue(rulesKey, JSON.stringify(rules));
    this.#rules = rules;
    await this.#decideAnew();
    await store.writeValue(awaitedKey, null);
    this.#isAwaited = false;
    log.info('what to mirror was chosen', { rules });
    this.#parts.onChanged();
    return this.previewSelection(rules);
  }

  async awaitSelection(): Promise<void> {
    const { store } = this.#parts;
    if (this.#isAwaited || !(await this.isUntouched())) return;
    await store.writeValue(awaitedKey, 'true');
    this.#isAwaited = true;
  }

  async awaitsSelection(): Promise<boolean> {
    return this.#isAwaited;
  }

  async isUntouched(): Promise<boolean> {
    const { store } = this.#parts;
    if ((await store.readValue(rulesKey)) !== null) return false;
    // Where mirrors go to another place now there are none yet, though there were some.
    const { mirrored, jobs } = await store.totals();
    return mirrored === 0 && jobs.done === 0;
  }

  /** @param archivedAt null: they are in the archive no more */
  async archive(githubIds: readonly GithubId[], archivedAt: Instant | null): Promise<void> {
    const { store, clock } = this.#parts;
    await this.#loadOnce();
    await store.archiveRepositories(githubIds, archivedAt, clock.now(), this.#decideKnown, causeOfSelected);
    this.#parts.onChanged();
  }

  async choose(githubIds: readonly GithubId[], answer: Answer | null): Promise<number> {
    const { store, clock } = this.#parts;
    await this.#loadOnce();
    await this.#pending.forget(githubIds);
    // Before the rows: a crash between the two leaves them to the next look.
    if (answer === 'later') await this.#putOffAll(githubIds);
    else await this.#putOff.forget(githubIds);
    const choice = answer === 'later' ? null : answer;
    const change = await store.chooseRepositories(githubIds, choice, clock.now(), this.#decideKnown, causeOfSelected);
    this.#parts.onChanged();
    return change.selected + change.skipped + change.asks;
  }

  async savedRules(): Promise<SelectionRules | null> {
    const text = await this.#parts.store.readValue(rulesKey);
    return text === null ? null : parseRules(parseKeptJson(text));
  }

  async chosen(): Promise<ChosenIds> {
    const { store } = this.#parts;
    await this.#pending.load();
    const all = new Map(this.#pending.all);
    for (const { githubId, choice } of await store.allRepositories()) if (choice !== null) all.set(githubId, choice);
    const idsOf = (wanted: Choice): readonly GithubId[] =>
      [...all].flatMap(([githubId, choice]) => (choice === wanted ? [githubId] : [])).sort((a, b) => a - b);
    return { include: idsOf('include'), exclude: idsOf('exclude') };
  }

  async replaceChoices({ include, exclude }: ChosenIds): Promise<void> {
    const { store } = this.#parts;
    const wanted = new Map<GithubId, Choice>([
      ...include.map((id) => [id, 'include'] as const),
      ...exclude.map((id) => [id, 'exclude'] as const),
    ]);
    // All of them first: whatever is cut, the next start takes up the rest.
    await this.#pending.replace(wanted);
    const others = (await store.allRepositories()).filter(
      ({ githubId, choice }) => choice !== null && !wanted.has(githubId),
    );
    await this.#choose(
      others.map(({ githubId }) => githubId),
      null,
    );
    await this.takeUpChoices();
  }

  /** Begins to take up choices that waited, and to ask again what was put off. */
  refreshChoices(): void {
    const { log } = this.#parts;
    this.takeUpChoices().catch((error: unknown) => log.error('choices were not taken up', { error }));
    this.askAgain().catch((error: unknown) => log.error('what was put off was not asked again', { error }));
  }

  /** Choices about what is known by now become its own. */
  async takeUpChoices(): Promise<void> {
    const pending = this.#pending.all;
    if (pending.size === 0) return;
    const known = (await this.#parts.store.allRepositories()).filter(({ githubId }) => pending.has(githubId));
    for (const wanted of ['include', 'exclude'] as const) {
      const ids = known.flatMap(({ githubId }) => (pending.get(githubId) === wanted ? [githubId] : []));
      await this.#choose(ids, wanted);
    }
    await this.#pending.forget(known.map(({ githubId }) => githubId));
    if (known.length > 0) this.#parts.onChanged();
  }

  async #choose(githubIds: readonly GithubId[], choice: Choice | null): Promise<void> {
    if (githubIds.length === 0) return;
    const { store, clock } = this.#parts;
    await store.chooseRepositories(githubIds, choice, clock.now(), this.#decideKnown, causeOfSelected);
  }

  /**
   * Takes what GitHub says of the person's Lists; null: this token may not read them. Then what was known stays: that
   * something cannot be read says nothing about what it holds.
   *
   * @returns whether anything is other than it was
   */
  async learnLists(told: readonly StarList[] | null): Promise<boolean> {
    const { store } = this.#parts;
    // An empty name stands for repositories on none.
    const lists = told?.filter(({ name }) => name !== '') ?? null;
    if (lists === null && this.#lists !== null) return false;
    const text = lists === null ? null : JSON.stringify(lists);
    if (text === (await store.readValue(listsKey))) return false;
    this.#takeLists(lists);
    await store.writeLists(lists ?? []);
    const { only, never } = this.#rules.lists;
    if (only.length + never.length > 0) await this.#decideAnew();
    // Last: a crash in between leaves what was known, so that the next reading decides anew.
    await store.writeValue(listsKey, text);
    this.#parts.onChanged();
    return true;
  }

  /** Names of the Lists that it is on; null: they were never read. */
  listsOf(githubId: GithubId): readonly string[] | null {
    return this.#lists === null ? null : this.#listNames(githubId);
  }

  readonly #decideKnown = (record: RepositoryRecord): SelectionDecision =>
    inArchive(record) ??
    decideSelection(
      this.#rules,
      record,
      record.starredAt,
      this.#choiceOf(record.githubId, record),
      this.#listNames(record.githubId),
      this.#putOffOf(record),
    );

  async #putOffAll(githubIds: readonly GithubId[]): Promise<void> {
    const { store, clock } = this.#parts;
    const rows = await store.repositoryRows(githubIds);
    const at = clock.now();
    await this.#putOff.add(
      new Map(rows.map(({ repository: { githubId, sizeKb } }) => [githubId, { at, sizeKb }] as const)),
    );
  }

  /** Asks again what was put off long enough, or has grown since. */
  async askAgain(): Promise<void> {
    const before = this.#putOff.all;
    if (before.size === 0) return;
    const rows = await this.#parts.store.repositoryRows([...before.keys()]);
    const putOff = rows.filter(({ repository }) => this.#putOffOf(repository) !== null);
    const still = new Set(putOff.map(({ repository: { githubId } }) => githubId));
    const over = [...before].filter(([githubId]) => !still.has(githubId));
    if (over.length === 0) return;
    await this.#decideAnew();
    // One that was put off anew meanwhile stays so.
    await this.#putOff.forget(over.flatMap(([id, one]) => (this.#putOff.all.get(id) === one ? [id] : [])));
    this.#parts.onChanged();
  }

  #putOffOf({ githubId, sizeKb }: Pick<RepositoryFacts, 'githubId' | 'sizeKb'>): PutOff | null {
    const putOff = this.#putOff.all.get(githubId) ?? null;
    return isPutOff(putOff, sizeKb, this.#parts.clock.now()) ? putOff : null;
  }

  #choiceOf(githubId: GithubId, known: RepositoryRecord | null): Choice | null {
    return known?.choice ?? this.#pending.all.get(githubId) ?? null;
  }

  async #decideAnew(): Promise<void> {
    const { store, clock, log } = this.#parts;
    const change = await store.applySelection(clock.now(), this.#decideKnown, causeOfSelected);
    log.info('decided anew what is mirrored', { ...change });
  }

  #listNames(githubId: GithubId): readonly string[] {
    return this.#listsOf.get(githubId) ?? [];
  }

  #takeLists(lists: readonly StarList[] | null): void {
    const listsOf = new Map<GithubId, string[]>();
    for (const { name, githubIds } of lists ?? []) {
      for (const githubId of githubIds) listsOf.set(githubId, [...(listsOf.get(githubId) ?? []), name]);
    }
    this.#lists = lists;
    this.#listsOf = listsOf;
  }

  #parsed<T>(text: string | null, key: string, parse: (value: unknown) => T | null): T | null {
    if (text === null) return null;
    const value = parse(parseKeptJson(text));
    if (value === null) this.#parts.log.warn('a kept value cannot be read', { key });
    return value;
  }
}

/** What a person put away is not mirrored, whatever rules and choices say, until it is brought back. */
function inArchive(known: RepositoryRecord | null): SelectionDecision | null {
  return known === null || known.archivedAt === null ? null : { selection: 'skip', reason: 'in the archive' };
}

function causeOfSelected(record: RepositoryRecord): JobCause | null {
  if (record.absentSince !== null) return null;
  return record.mirror === null ? 'new-star' : dueCause(record, record);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function parseOnlyNever(value: unknown): OnlyNever | null {
  if (!isObject(value)) return null;
  const { only, never } = value;
  return isTexts(only) && isTexts(never) ? { only, never } : null;
}

function isMirrorOrSkip(value: unknown): value is 'mirror' | 'skip' {
  return value === 'mirror' || value === 'skip';
}

/** Null where a field is missing or is not what it says: half a set of rules would mirror what nobody wants. */
function parseRules(value: unknown): SelectionRules | null {
  if (!isObject(value)) return null;
  const { scope, newSince, forks, archived, privateOnes, askAboveKb } = value;
  const owners = parseOnlyNever(value['owners']);
  const languages = parseOnlyNever(value['languages']);
  const topics = parseOnlyNever(value['topics']);
  const lists = parseOnlyNever(value['lists']);
  const namePatterns = parseOnlyNever(value['namePatterns']);
  if (scope !== 'all' && scope !== 'new-only') return null;
  if (typeof newSince !== 'number' || (askAboveKb !== null && typeof askAboveKb !== 'number')) return null;
  if (!isMirrorOrSkip(forks) || !isMirrorOrSkip(archived) || !isMirrorOrSkip(privateOnes)) return null;
  if (owners === null || languages === null || topics === null || lists === null || namePatterns === null) return null;
  return { scope, newSince, owners, languages, topics, lists, forks, archived, privateOnes, namePatterns, askAboveKb };
}

function parseLists(value: unknown): readonly StarList[] | null {
  if (!Array.isArray(value)) return null;
  const lists = value.flatMap((each: unknown): StarList[] => {
    if (!isObject(each)) return [];
    const { name, githubIds } = each;
    if (typeof name !== 'string' || !Array.isArray(githubIds)) return [];
    return [{ name, githubIds: githubIds.filter((id) => typeof id === 'number') }];
  });
  return lists.length === value.length ? lists : null;
}
