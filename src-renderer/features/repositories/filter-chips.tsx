/** @file How many match, and each filter in force as a chip that can be removed. */
import { countOf, formatCount } from '../../../src-preload/contract/words.ts';
import { Icon } from '../../ui/icon.tsx';
import { chipsOf, emptyFilter } from './filter.ts';
import type { ListViewState } from './list-view.ts';

interface FilterChipsProps extends ListViewState {
  /** Null: not known yet. */
  readonly total: number | null;
}

export function FilterChips({ view, changeFilter, total }: FilterChipsProps) {
  const chips = chipsOf(view.filter);
  const isFiltered = chips.length > 0 || view.filter.text.trim() !== '';
  return (
    <div className="filter-chips">
      <p className="filter-total" role="status">
        {total !== null && describeTotal(total, isFiltered)}
      </p>
      {chips.length > 0 && (
        <ul className="filter-chips-list" aria-label="Filters in force">
          {chips.map(({ key, label, without }) => (
            <li key={key}>
              <button type="button" className="filter-chip" onClick={() => changeFilter(without)}>
                <span className="visually-hidden">Remove the filter </span>
                <bdi className="filter-chip-text">{label}</bdi>
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {isFiltered && (
        <button type="button" className="text-button" onClick={() => changeFilter(emptyFilter)}>
          Clear all
        </button>
      )}
    </div>
  );
}

/** `1,204 repositories`, `12 repositories match`; empty where the list says it all. */
function describeTotal(total: number, isFiltered: boolean): string {
  if (!isFiltered) return total === 0 ? '' : countOf(total, 'repository', 'repositories');
  if (total === 0) return 'No repository matches';
  return total === 1 ? '1 repository matches' : `${formatCount(total)} repositories match`;
}
