/** @file Fields of forms: each with its label, a hint, and what is wrong with it. */
import { type ReactNode, useId } from 'react';

interface FieldProps {
  readonly label: string;
  /** One or two lines below the field. */
  readonly hint?: ReactNode;
  /** What is wrong, null: nothing. */
  readonly problem?: string | null;
  readonly isOff?: boolean;
}

interface TextFieldProps extends FieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly kind?: 'text' | 'url' | 'password' | 'search' | 'number';
  readonly placeholder?: string;
  /** For a token or password: browsers are told to leave it alone. */
  readonly isSecret?: boolean;
  readonly isCode?: boolean;
}

export function TextField(props: TextFieldProps) {
  const { label, value, onChange, kind = 'text', placeholder, isSecret = false, isCode = false } = props;
  const { hint, problem = null, isOff = false } = props;
  const id = useId();
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        className={isCode ? 'input input-code' : 'input'}
        type={isSecret ? 'password' : kind}
        value={value}
        placeholder={placeholder}
        disabled={isOff}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        aria-describedby={`${id}-words`}
        aria-invalid={problem !== null}
        onChange={(event) => onChange(event.target.value)}
      />
      <FieldWords id={`${id}-words`} hint={hint} problem={problem} />
    </div>
  );
}

interface SelectFieldProps<T extends string> extends FieldProps {
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly options: readonly { readonly value: T; readonly label: string }[];
}

export function SelectField<T extends string>(props: SelectFieldProps<T>) {
  const { label, value, onChange, options, hint, problem = null, isOff = false } = props;
  const id = useId();
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <select
        id={id}
        className="input"
        value={value}
        disabled={isOff}
        aria-describedby={`${id}-words`}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen !== undefined) onChange(chosen.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <FieldWords id={`${id}-words`} hint={hint} problem={problem} />
    </div>
  );
}

interface CheckFieldProps extends FieldProps {
  readonly isChecked: boolean;
  readonly onChange: (isChecked: boolean) => void;
}

export function CheckField({ label, isChecked, onChange, hint, problem = null, isOff = false }: CheckFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label className="check">
        <input
          type="checkbox"
          checked={isChecked}
          disabled={isOff}
          aria-describedby={`${id}-words`}
          onChange={(event) => onChange(event.target.checked)}
        />
        <span>{label}</span>
      </label>
      <FieldWords id={`${id}-words`} hint={hint} problem={problem} />
    </div>
  );
}

interface ChoiceFieldProps<T extends string> extends FieldProps {
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly options: readonly { readonly value: T; readonly label: string; readonly hint?: string }[];
}

/** One of a few, all to be seen at once. */
export function ChoiceField<T extends string>(props: ChoiceFieldProps<T>) {
  const { label, value, onChange, options, hint, problem = null, isOff = false } = props;
  const id = useId();
  return (
    <fieldset className="field choice" disabled={isOff} aria-describedby={`${id}-words`}>
      <legend className="field-label">{label}</legend>
      {options.map((option) => (
        <label key={option.value} className="check">
          <input
            type="radio"
            name={id}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span>
            {option.label}
            {option.hint !== undefined && <span className="field-hint"> {option.hint}</span>}
          </span>
        </label>
      ))}
      <FieldWords id={`${id}-words`} hint={hint} problem={problem} />
    </fieldset>
  );
}

function FieldWords(props: { readonly id: string; readonly hint?: ReactNode; readonly problem: string | null }) {
  const { id, hint, problem } = props;
  return (
    <div id={id} className="field-words">
      {hint !== undefined && <p className="field-hint">{hint}</p>}
      {problem !== null && (
        <p className="field-problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
