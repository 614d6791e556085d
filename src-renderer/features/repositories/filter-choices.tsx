/** @file What is in the small panels of the filters: boxes to tick with counts, and what is either so or not. */
import { type ReactNode, useState } from 'react';
import type { FacetsView } from '../../../src-preload/contract/list-views.ts';
import { repositoryStateNames } from '../../../src-preload/contract/views.ts';
import { formatCount } from '../../../src-preload/contract/words.ts';
import { SelectField } from '../../ui/fields.tsx';
import { stateWords } from '../../ui/repository-words.ts';
import { emptyFilter, type Filter, flags, flagWords, languageWord, listWord, sizeWord } from './filter.ts';
import { useFacets } from './use-facets.ts';

interface PanelProps {
  readonly filter: Filter;
  readonly onChange: (change: Partial<Filter>) => void;
}

interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly count: number;
}

interface ChoicesProps<T extends string> {
  /** What the choices are, such as `Language`. */
  readonly name: string;
  readonly choices: readonly Choice<T>[];
  readonly chosen: readonly T[];
  readonly onChange: (chosen: readonly T[] | null) => void;
}

/** From so many on they can be searched. */
const searchedFrom = 12;

function Choices<T extends string>({ name, choices, chosen, onChange }: ChoicesProps<T>) {
  const [text, setText] = useState('');
  const words = text.trim().toLowerCase();
  const shown = choices.filter(({ label }) => label.toLowerCase().includes(words));
  const toggle = (value: T, isChosen: boolean): void => {
    const next = isChosen ? [...chosen, value] : chosen.filter((one) => one !== value);
    onChange(next.length === 0 ? null : next);
  };
  return (
    <>
      {choices.length >= searchedFrom && (
        <input
          className="input"
          type="text"
          value={text}
          placeholder={`Find ${name.toLowerCase()}`}
          aria-label={`Find ${name.toLowerCase()}`}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      <fieldset className="choices">
        <legend className="visually-hidden">{name}</legend>
        {shown.map(({ value, label, count }) => (
          <label key={value} className="choice-row">
            <input
              type="checkbox"
              checked={chosen.includes(value)}
              onChange={(event) => toggle(value, event.target.checked)}
            />
            <bdi>{label}</bdi>
            <span className="choice-count">{formatCount(count)}</span>
          </label>
        ))}
        {shown.length === 0 && <p className="choices-none">Nothing by that name.</p>}
      </fieldset>
    </>
  );
}

/** What is chosen stays to be seen, even where nothing matches it any more. */
function withChosen(
  counted: readonly { readonly value: string; readonly count: number }[],
  chosen: readonly string[],
  labelOf: (value: string) => string,
): readonly Choice<string>[] {
  const known = new Set(counted.map(({ value }) => value.toLowerCase()));
  const others = chosen.filter((value) => !known.has(value.toLowerCase()));
  return [...counted, ...others.map((value) => ({ value, count: 0 }))].map(({ value, count }) => ({
    value,
    count,
    label: labelOf(value),
  }));
}

function Counted({
  filter,
  children,
}: {
  readonly filter: Filter;
  readonly children: (facets: FacetsView) => ReactNode;
}) {
  const { facets, failure } = useFacets(filter);
  if (facets !== null) return children(facets);
  return <p className="choices-none">{failure ?? 'Counting'}</p>;
}

export function StateChoices({ filter, onChange }: PanelProps) {
  return (
    <Counted filter={filter}>
      {({ states }) => {
        const countOfState = new Map(states.map(({ state, count }) => [state, count]));
        return (
          <Choices
            name="State"
            choices={repositoryStateNames.map((value) => ({
              value,
              label: stateWords[value],
              count: countOfState.get(value) ?? 0,
            }))}
            chosen={filter.states ?? []}
            onChange={(chosen) => onChange({ states: chosen })}
          />
        );
      }}
    </Counted>
  );
}

export function LanguageChoices({ filter, onChange }: PanelProps) {
  const chosen = filter.languages ?? [];
  return (
    <Counted filter={filter}>
      {({ languages }) => (
        <Choices
          name="Language"
          choices={withChosen(languages, chosen, languageWord)}
          chosen={chosen}
          onChange={(next) => onChange({ languages: next })}
        />
      )}
    </Counted>
  );
}

export function OwnerChoices({ filter, onChange }: PanelProps) {
  const chosen = filter.owners ?? [];
  return (
    <Counted filter={filter}>
      {({ owners }) => (
        <>
          <Choices
            name="Owner"
            choices={withChosen(owners, chosen, (owner) => owner)}
            chosen={chosen}
            onChange={(next) => onChange({ owners: next })}
          />
          {owners.length >= 100 && (
            <p className="choices-none">The 100 with the most repositories. Others are found by the search.</p>
          )}
        </>
      )}
    </Counted>
  );
}

export function ListChoices({ filter, onChange }: PanelProps) {
  const chosen = filter.lists ?? [];
  return (
    <Counted filter={filter}>
      {({ lists }) =>
        lists.length === 0 && chosen.length === 0 ? (
          <p className="choices-none">No GitHub Lists are known. They are read where the token lets them be read.</p>
        ) : (
          <Choices
            name="List"
            choices={withChosen(lists, chosen, listWord)}
            chosen={chosen}
            onChange={(next) => onChange({ lists: next })}
          />
        )
      }
    </Counted>
  );
}

const yesNo = { any: null, yes: true, no: false } as const;

/** In kibibytes, so that each is a round figure in decimal units. */
const sizes = [1e6, 10e6, 100e6, 1e9, 5e9, 20e9].map((bytes) => Math.round(bytes / 1_024));

function sizeOptions(any: string, word: string) {
  return [
    { value: '', label: any },
    ...sizes.map((sizeKb) => ({ value: String(sizeKb), label: `${sizeWord(sizeKb)} ${word}` })),
  ];
}

export function OtherChoices({ filter, onChange }: PanelProps) {
  return (
    <div className="choices-other">
      {flags.map((flag) => {
        const { label, yes, no } = flagWords[flag];
        const value = filter[flag];
        return (
          <SelectField
            key={flag}
            label={label}
            value={value === null ? 'any' : value ? 'yes' : 'no'}
            options={[
              { value: 'any', label: 'Any' },
              { value: 'yes', label: yes },
              { value: 'no', label: no },
            ]}
            onChange={(choice) => onChange({ [flag]: yesNo[choice] })}
          />
        );
      })}
      <SelectField
        label="Smallest size"
        value={filter.minSizeKb === null ? '' : String(filter.minSizeKb)}
        options={sizeOptions('Any', 'or more')}
        onChange={(value) => onChange({ minSizeKb: value === '' ? null : Number(value) })}
      />
      <SelectField
        label="Largest size"
        value={filter.maxSizeKb === null ? '' : String(filter.maxSizeKb)}
        options={sizeOptions('Any', 'or less')}
        onChange={(value) => onChange({ maxSizeKb: value === '' ? null : Number(value) })}
      />
    </div>
  );
}

/** How many of the panel's choices are in force. */
export function otherCount(filter: Filter): number {
  const keys = [...flags, 'minSizeKb', 'maxSizeKb'] as const;
  return keys.filter((key) => filter[key] !== emptyFilter[key]).length;
}
