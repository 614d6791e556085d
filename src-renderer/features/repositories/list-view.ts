/** @file What the list shows and in which order, kept for as long as this window is open. */
import { useCallback, useEffect, useState } from 'react';
import type { RepositoryOrderName } from '../../../src-preload/contract/list-views.ts';
import { type CallArgument, calls } from '../../../src-preload/contract/schema.ts';
import type { RepositoryStateName } from '../../../src-preload/contract/views.ts';
import { emptyFilter, type Filter, parseJson } from './filter.ts';

export interface ListView {
  readonly filter: Filter;
  readonly order: RepositoryOrderName;
  /** Null: as the order says; large and new first. */
  readonly descending: boolean | null;
}

const storageKey = 'epicstar.repositories';

function viewOf(argument: CallArgument<'repositories.list'>): ListView {
  const { offset: _offset, limit: _limit, order, descending, ...filter } = argument;
  return { filter, order, descending };
}

/** What cannot be read, or no longer fits the contract, is forgotten. */
function readView(): ListView {
  const { argument } = calls['repositories.list'];
  const kept = argument.safeParse(parseJson(window.sessionStorage.getItem(storageKey)));
  return viewOf(kept.success ? kept.data : argument.parse({}));
}

export interface ListViewState {
  readonly view: ListView;
  readonly change: (change: Partial<ListView>) => void;
  readonly changeFilter: (change: Partial<Filter>) => void;
}

/** @param onlyState begins with this state alone instead of what was shown last; null: as it was */
export function useListView(onlyState: RepositoryStateName | null): ListViewState {
  const [view, setView] = useState(() =>
    onlyState === null ? readView() : { ...readView(), filter: { ...emptyFilter, states: [onlyState] } },
  );
  useEffect(() => {
    const { filter, order, descending } = view;
    window.sessionStorage.setItem(storageKey, JSON.stringify({ ...filter, order, descending }));
  }, [view]);
  const change = useCallback((part: Partial<ListView>) => setView((now) => ({ ...now, ...part })), []);
  const changeFilter = useCallback(
    (part: Partial<Filter>) => setView((now) => ({ ...now, filter: { ...now.filter, ...part } })),
    [],
  );
  return { view, change, changeFilter };
}

/** Whether large, new and late in the alphabet come first. */
export function isDescending({ order, descending }: ListView): boolean {
  return descending ?? order !== 'name';
}
