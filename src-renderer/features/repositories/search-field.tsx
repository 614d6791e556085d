/** @file The field for words to look for. */
import { type Ref, useId } from 'react';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';

/** As the contract has it. */
const maxLength = 200;

interface SearchFieldProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly inputRef: Ref<HTMLInputElement>;
  /** Arrow down or Enter: on to what was found. */
  readonly onLeave: () => void;
}

export function SearchField({ text, onChange, inputRef, onLeave }: SearchFieldProps) {
  const id = useId();
  return (
    <div className="search">
      <label className="visually-hidden" htmlFor={id}>
        Search name, description and topics
      </label>
      <Icon name="search" />
      <input
        ref={inputRef}
        id={id}
        className="input"
        type="text"
        inputMode="search"
        value={text}
        placeholder="Name, description, topics"
        title="Press / to search"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={maxLength}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && text !== '') {
            event.preventDefault();
            onChange('');
          }
          if (event.key === 'ArrowDown' || event.key === 'Enter') {
            event.preventDefault();
            onLeave();
          }
        }}
      />
      {text !== '' && <IconButton label="Clear the search" icon="close" onPress={() => onChange('')} />}
    </div>
  );
}
