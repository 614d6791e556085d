/**
 * @file What to mirror: keeps the rules and the names of GitHub Lists over restarts, decides on stars as they come, and
 * tells what other rules would come to.
 */
import { dueCause } from '../domain/due.ts';
import type { JobCause } from '../domain/job.ts';
import type { GithubId, RepositoryFacts } from '../domain/repository.ts';
import {
  type Choice,
  decideSelection,
  defaultSelectionRules,
  type OnlyNever,
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
import { parseKeptJson } from './kept-json.ts';

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
  #lists: readonly StarList[] | null = null;
  #listsOf: ReadonlyMap<GithubId, readonly string[]> = new Map();

  constructor(parts: SelectionKeeperParts) {
    this.#parts = parts;
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

  /** Once, before the first star is decided on. */
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
  }

  /** For a star as it is seen. */
  readonly select = (
    known: RepositoryRecord | null,
    repository: RepositoryFacts,
    starredAt: number,
  ): SelectionDecision =>
    decideSelection(this.#rules, repository, starredAt, known?.choice ?? null, this.#listNames(repository.githubId));

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

  async choose(githubIds: readonly GithubId[], choice: Choice | null): Promise<number> {
    const { store, clock } = this.#parts;
    const change = await store.chooseRepositories(githubIds, choice, clock.now(), this.#decideKnown, causeOfSelected);
    this.#parts.onChanged();
    return change.selected + change.skipped + change.asks;
  }

  /**
   * Takes what GitHub says of the person's Lists; null: this token may not read them. Then what was known stays: that
   * something cannot be read says nothing about what it holds.
   */
  async learnLists(lists: readonly StarList[] | null): Promise<void> {
    const { store } = this.#parts;
    if (lists === null && this.#lists !== null) return;
    const text = lists === null ? null : JSON.stringify(lists);
    if (text === (await store.readValue(listsKey))) return;
    this.#takeLists(lists);
    const { only, never } = this.#rules.lists;
    if (only.length + never.length > 0) await this.#decideAnew();
    // Last: a crash in between leaves what was known, so that the next reading decides anew.
    await store.writeValue(listsKey, text);
    this.#parts.onChanged();
  }

  readonly #decideKnown = (record: RepositoryRecord): SelectionDecision =>
    decideSelection(this.#rules, record, record.starredAt, record.choice, this.#listNames(record.githubId));

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
