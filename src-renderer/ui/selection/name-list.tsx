/** @file Names as chips, with a field to add one and what there is to choose from. */
import { useId, useRef, useState } from 'react';
import type { FacetView } from '../../../src-preload/contract/setup-views.ts';
import { formatCount } from '../../../src-preload/contract/words.ts';
import { Icon } from '../icon.tsx';

interface NameListProps {
  /** `Only these languages`. */
  readonly label: string;
  /** What one of them is called: `language`. */
  readonly noun: string;
  readonly names: readonly string[];
  /** The most frequent first. */
  readonly suggestions: readonly FacetView[];
  readonly onAdd: (name: string) => void;
  readonly onRemove: (name: string) => void;
}

const suggestionsShown = 8;

export function NameList({ label, noun, names, suggestions, onAdd, onRemove }: NameListProps) {
  const [typed, setTyped] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const wanted = typed.trim().toLowerCase();
  const isNamed = (value: string): boolean => names.some((name) => name.toLowerCase() === value.toLowerCase());
  const fitting = suggestions
    .filter(({ value }) => value !== '' && !isNamed(value) && value.toLowerCase().includes(wanted))
    .slice(0, suggestionsShown);

  // What was pressed is gone afterwards, and the keyboard needs a place.
  const add = (name: string): void => {
    if (name.trim() === '') return;
    onAdd(name);
    setTyped('');
    input.current?.focus();
  };
  const remove = (name: string): void => {
    onRemove(name);
    input.current?.focus();
  };
  return (
    <div className="name-list" role="group" aria-labelledby={`${id}-label`}>
      <label className="field-label" id={`${id}-label`} htmlFor={id}>
        {label}
      </label>
      {names.length > 0 && (
        <ul className="chips">
          {names.map((name) => (
            <li className="chip chip-chosen" key={name}>
              <bdi title={name}>{name}</bdi>
              <button type="button" aria-label={`Remove ${name}: ${label}`} onClick={() => remove(name)}>
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="name-add">
        <input
          ref={input}
          id={id}
          className="input"
          value={typed}
          placeholder={`Add a ${noun}`}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            add(typed);
          }}
        />
        <button type="button" className="button button-plain" aria-label={`Add: ${label}`} onClick={() => add(typed)}>
          Add
        </button>
      </div>
      {fitting.length > 0 && (
        <ul className="chips" aria-label={`Suggestions: ${label}`}>
          {fitting.map(({ value, count }) => (
            <li key={value}>
              <button type="button" className="chip chip-offer" title={value} onClick={() => add(value)}>
                <bdi>{value}</bdi>
                <span className="chip-count">{formatCount(count)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
