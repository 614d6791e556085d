/** @file What narrows the history. */
import { useEffect, useState } from 'react';
import { SelectField, TextField } from '../../ui/fields.tsx';
import { outcomeChoices, type RunFilter, spans, spanWords } from './run-filter.ts';

interface FilterBarProps {
  readonly filter: RunFilter;
  readonly onChange: (filter: RunFilter) => void;
}

/** Typing is over when nothing came for this long. */
const settleMs = 250;

export function FilterBar({ filter, onChange }: FilterBarProps) {
  const [text, setText] = useState(filter.text);
  useEffect(() => {
    if (text === filter.text) return undefined;
    const timer = window.setTimeout(() => onChange({ ...filter, text }), settleMs);
    return () => window.clearTimeout(timer);
  }, [text, filter, onChange]);
  return (
    <search className="filter-bar" aria-label="Filter the history">
      <TextField
        label="Repository"
        kind="search"
        placeholder="Part of a name"
        value={text}
        onChange={(value) => setText(value.slice(0, 200))}
      />
      <SelectField
        label="Result"
        value={filter.outcome}
        onChange={(outcome) => onChange({ ...filter, text, outcome })}
        options={outcomeChoices}
      />
      <SelectField
        label="Time"
        value={filter.span}
        onChange={(span) => onChange({ ...filter, text, span })}
        options={spans.map((value) => ({ value, label: spanWords[value] }))}
      />
    </search>
  );
}
