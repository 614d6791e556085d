/** @file What the in-memory store answers about its repositories: filters, orders, counts. Plain loops over all rows. */
import type { Selection } from '../../src-main/engine/domain/selection.ts';
import type {
  FacetCount,
  RepositoryFacets,
  RepositoryFilter,
  RepositoryQuery,
  RepositoryRecord,
  RepositoryRow,
  RepositoryState,
  SizeShares,
  StoreTotals,
} from '../../src-main/engine/ports/store.ts';
import { repositoryStates } from '../../src-main/engine/ports/store.ts';
import { bug, type StoredJob } from './memory-jobs.ts';

export function isRescued({ mirror, verdict }: RepositoryRecord): boolean {
  return mirror !== null && verdict !== null && verdict.confirmedAt !== null && /gone|blocked/.test(verdict.kind);
}

export function stateOf(repository: RepositoryRecord, job: StoredJob | null): RepositoryState {
  if (job?.state === 'queued' || job?.state === 'running' || job?.state === 'waiting') return job.state;
  if (repository.mirror === null && repository.selection === 'skip') return 'excluded';
  if (repository.mirror === null && repository.selection === 'ask') return 'asks';
  if (job?.state === 'failed' && !isRescued(repository)) return 'failed';
  return repository.mirror === null ? 'unknown' : 'mirrored';
}

const plain = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '');

function wordsOf(text: string): readonly string[] {
  return plain(text)
    .split(/[\s\p{Cc}]/u)
    .filter((word) => word !== '');
}

/** Whether each word is in one of the texts. */
export function hasWords(text: string, places: readonly string[]): boolean {
  return wordsOf(text).every((word) => places.some((place) => plain(place).includes(word)));
}

const lower = (text: string): string => text.toLowerCase();
const ownerOf = ({ fullName }: RepositoryRecord): string => fullName.split('/')[0] ?? '';
const languageOf = ({ language }: RepositoryRecord): string => language ?? '';

function isAmong(value: string, wanted: readonly string[] | null | undefined): boolean {
  return (wanted ?? []).length === 0 || (wanted ?? []).some((other) => lower(other) === lower(value));
}

function isOnOne(lists: readonly string[], wanted: readonly string[] | null | undefined): boolean {
  return (lists.length === 0 ? [''] : lists).some((name) => isAmong(name, wanted));
}

const isSame = <T>(value: T, wanted: T | null | undefined): boolean => (wanted ?? value) === value;

export function matches(row: RepositoryRow, filter: RepositoryFilter): boolean {
  const { repository, state } = row;
  return (
    hasWords(filter.text, [repository.fullName, repository.description ?? '', ...repository.topics]) &&
    isSame(state, filter.state) &&
    isAmong(state, filter.states) &&
    isAmong(languageOf(repository), filter.languages) &&
    isAmong(ownerOf(repository), filter.owners) &&
    isOnOne(row.lists, filter.lists) &&
    isSame(repository.isPrivate, filter.isPrivate) &&
    isSame(repository.isArchived, filter.isArchived) &&
    isSame(repository.isFork, filter.isFork) &&
    repository.sizeKb >= (filter.minSizeKb ?? 0) &&
    repository.sizeKb <= (filter.maxSizeKb ?? Number.POSITIVE_INFINITY) &&
    isSame(repository.selection, filter.selection) &&
    isSame(repository.absentSince !== null, filter.isAbsent) &&
    isSame(isRescued(repository), filter.isRescued) &&
    isSame(/differs|failed/.test(row.proofs.last?.result ?? ''), filter.isUnproven) &&
    isSame(row.incomplete !== null, filter.isIncomplete)
  );
}

function compare(a: RepositoryRecord, b: RepositoryRecord, order: RepositoryQuery['order']): number {
  switch (order) {
    case 'name': {
      const [one, other] = [lower(a.fullName), lower(b.fullName)];
      return one < other ? -1 : Number(one > other);
    }
    case 'starred':
      return a.starredAt - b.starredAt;
    case 'size':
      return a.sizeKb - b.sizeKb;
    case 'pushed':
      return (a.pushedAt ?? -1) - (b.pushedAt ?? -1);
    default:
      return (a.mirror?.verifiedAt ?? -1) - (b.mirror?.verifiedAt ?? -1);
  }
}

/** Those of equal rank come by id in the usual direction of the order, and by falling id in the other. */
export function ordered(rows: readonly RepositoryRow[], { order, descending }: RepositoryQuery): RepositoryRow[] {
  const isDescending = descending ?? (order !== 'name' && order !== 'stalest');
  const first = order === 'name' ? !isDescending : isDescending;
  return rows.toSorted(({ repository: a }, { repository: b }) => {
    const rank = compare(a, b, order);
    return (isDescending ? -rank : rank) || (first ? a.githubId - b.githubId : b.githubId - a.githubId);
  });
}

function grouped(
  records: readonly RepositoryRecord[],
  valueOf: (record: RepositoryRecord) => string,
): readonly (FacetCount & { readonly sizeKb: number })[] {
  const groups = Map.groupBy(records, (record) => lower(valueOf(record)));
  return [...groups.values()].map((group) => ({
    value: group.map(valueOf).sort()[0] ?? '',
    count: group.length,
    sizeKb: group.reduce((sum, { sizeKb }) => sum + sizeKb, 0),
  }));
}

const byValue = (a: FacetCount, b: FacetCount): number => (lower(a.value) < lower(b.value) ? -1 : 1);

function counted(rows: readonly RepositoryRow[], valueOf: (record: RepositoryRecord) => string): readonly FacetCount[] {
  return grouped(
    rows.map((row) => row.repository),
    valueOf,
  )
    .map(({ value, count }) => ({ value, count }))
    .sort((a, b) => b.count - a.count || byValue(a, b));
}

function countedLists(rows: readonly RepositoryRow[], all: readonly RepositoryRow[]): readonly FacetCount[] {
  const names = rows.flatMap(({ lists }) => lists);
  const groups = [...Map.groupBy(names, lower).values()];
  const counts = groups.map((group) => ({ value: group.toSorted()[0] ?? '', count: group.length })).sort(byValue);
  const none = rows.filter(({ lists }) => lists.length === 0).length;
  const isAny = all.some(({ lists }) => lists.length > 0);
  return isAny && none > 0 ? [...counts, { value: '', count: none }] : counts;
}

export function facetsOf(rows: readonly RepositoryRow[], filter: RepositoryFilter): RepositoryFacets {
  const without = (change: Partial<RepositoryFilter>) => rows.filter((row) => matches(row, { ...filter, ...change }));
  const states = { unknown: 0, queued: 0, running: 0, waiting: 0, mirrored: 0, failed: 0, excluded: 0, asks: 0 };
  const inStates = without({ state: null, states: [] });
  for (const state of repositoryStates) states[state] = inStates.filter((row) => row.state === state).length;
  return {
    languages: counted(without({ languages: [] }), languageOf),
    owners: counted(without({ owners: [] }), ownerOf).slice(0, 100),
    lists: countedLists(without({ lists: [] }), rows),
    states,
  };
}

export function sharesOf(records: readonly RepositoryRecord[], kind: 'language' | 'owner', most: number): SizeShares {
  if (!Number.isInteger(most) || most < 1 || most > 200) throw bug(`most must be 1 to 200, not ${most}`);
  const all = grouped(records, kind === 'owner' ? ownerOf : languageOf)
    .map(({ value, sizeKb, count }) => ({ value, sizeKb, count }))
    .sort((a, b) => b.sizeKb - a.sizeKb || byValue(a, b));
  const others = all.slice(most);
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  const rest = { sizeKb: sum(others.map((share) => share.sizeKb)), count: sum(others.map((share) => share.count)) };
  return { items: all.slice(0, most), rest };
}

/** How many of the times are in each span, from its start to the next one. */
export function countSpans(times: readonly number[], bounds: readonly number[]): readonly number[] {
  if (bounds.some((bound, index) => bound < (bounds[index - 1] ?? bound))) throw bug('bounds must ascend');
  return bounds.map((start, index) => {
    const end = bounds[index + 1] ?? Number.POSITIVE_INFINITY;
    return times.filter((time) => time >= start && time < end).length;
  });
}

export function starsIn(repositories: readonly RepositoryRecord[], bounds: readonly number[]): readonly number[] {
  const times = repositories.map(({ starredAt }) => starredAt);
  return countSpans(times, bounds);
}

export function totalsOf(rows: readonly RepositoryRow[], allJobs: readonly StoredJob[]): StoreTotals {
  const jobs = { queued: 0, running: 0, waiting: 0, done: 0, failed: 0, cancelled: 0 };
  for (const { state } of allJobs) jobs[state] += 1;
  const pending = allJobs.filter((job) => job.finishedAt === null);
  const absent = rows.filter(({ repository }) => repository.absentSince !== null).length;
  const unmirrored = (selection: Selection): number =>
    rows.filter(({ repository }) => {
      const { mirror, absentSince } = repository;
      return repository.selection === selection && mirror === null && absentSince === null;
    }).length;
  return {
    repositories: rows.length,
    starred: rows.length - absent,
    absent,
    mirrored: rows.filter(({ repository }) => (repository.mirror?.verifiedAt ?? 0) > 0).length,
    rescued: rows.filter(({ repository }) => isRescued(repository)).length,
    leftOut: unmirrored('skip'),
    asks: unmirrored('ask'),
    failed: rows.filter(({ state }) => state === 'failed').length,
    jobs,
    pendingKb: pending.reduce((sum, job) => sum + job.sizeKb, 0),
  };
}
