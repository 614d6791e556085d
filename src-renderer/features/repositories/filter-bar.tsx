/** @file The filters as buttons that open what there is to choose, and the order of the list. */
import { useState } from 'react';
import { type RepositoryOrderName } from '../../../src-preload/contract/list-views.ts';
import { IconButton } from '../../ui/button.tsx';
import { PopoverButton } from '../../ui/popover.tsx';
import {
  LanguageChoices,
  ListChoices,
  OtherChoices,
  otherCount,
  OwnerChoices,
  StateChoices,
} from './filter-choices.tsx';
import { isDescending, type ListViewState } from './list-view.ts';

const panels = [
  { key: 'state', label: 'State', Panel: StateChoices },
  { key: 'language', label: 'Language', Panel: LanguageChoices },
  { key: 'owner', label: 'Owner', Panel: OwnerChoices },
  { key: 'list', label: 'List', Panel: ListChoices },
  { key: 'more', label: 'More', Panel: OtherChoices },
] as const;

type PanelKey = (typeof panels)[number]['key'];

const orderWords: readonly { readonly value: RepositoryOrderName; readonly label: string }[] = [
  { value: 'name', label: 'By name' },
  { value: 'starred', label: 'By star' },
  { value: 'size', label: 'By size' },
  { value: 'verified', label: 'By comparison' },
  { value: 'pushed', label: 'By last push' },
];

export function FilterBar({ view, change, changeFilter }: ListViewState) {
  const [openKey, setOpenKey] = useState<PanelKey | null>(null);
  const { filter } = view;
  const counts: Readonly<Record<PanelKey, number>> = {
    state: filter.states?.length ?? 0,
    language: filter.languages?.length ?? 0,
    owner: filter.owners?.length ?? 0,
    list: filter.lists?.length ?? 0,
    more: otherCount(filter),
  };
  return (
    <div className="filters" role="group" aria-label="Filters and order">
      {panels.map(({ key, label, Panel }) => (
        <PopoverButton
          key={key}
          label={label}
          count={counts[key]}
          isOpen={openKey === key}
          onOpenChange={(isOpen) => setOpenKey(isOpen ? key : null)}
        >
          <Panel filter={filter} onChange={changeFilter} />
        </PopoverButton>
      ))}
      <div className="order">
        <label>
          <span className="visually-hidden">Sort</span>
          <select
            className="input"
            value={view.order}
            onChange={(event) => {
              const chosen = orderWords.find(({ value }) => value === event.target.value);
              if (chosen !== undefined) change({ order: chosen.value, descending: null });
            }}
          >
            {orderWords.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <IconButton
          label={isDescending(view) ? directionWords(view.order).down : directionWords(view.order).up}
          icon={isDescending(view) ? 'down' : 'up'}
          onPress={() => change({ descending: !isDescending(view) })}
        />
      </div>
    </div>
  );
}

/** What comes first now; a press turns it around. */
function directionWords(order: RepositoryOrderName): { readonly up: string; readonly down: string } {
  if (order === 'name') return { up: 'A first, turn around', down: 'Z first, turn around' };
  if (order === 'size') return { up: 'Small ones first, turn around', down: 'Large ones first, turn around' };
  return { up: 'Old ones first, turn around', down: 'New ones first, turn around' };
}
