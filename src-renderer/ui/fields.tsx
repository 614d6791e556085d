/** @file Fields of forms. */
import { useId } from 'react';
import { asTyped, FieldFrame, type FieldProps as FrameProps, FieldWords } from './field-frame.tsx';

interface FieldProps extends FrameProps {
  readonly isOff?: boolean;
}

interface TextFieldProps extends FieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly kind?: 'text' | 'url' | 'search' | 'number';
  readonly placeholder?: string;
  readonly isCode?: boolean;
}

export function TextField(props: TextFieldProps) {
  const { value, onChange, kind = 'text', placeholder, isCode = false, isOff = false, ...frame } = props;
  return (
    <FieldFrame {...frame}>
      {(control) => (
        <input
          {...control}
          {...asTyped}
          className={isCode ? 'input input-code' : 'input'}
          type={kind}
          value={value}
          placeholder={placeholder}
          disabled={isOff}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </FieldFrame>
  );
}

interface SelectFieldProps<T extends string> extends FieldProps {
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly options: readonly { readonly value: T; readonly label: string }[];
}

export function SelectField<T extends string>(props: SelectFieldProps<T>) {
  const { value, onChange, options, isOff = false, ...frame } = props;
  return (
    <FieldFrame {...frame}>
      {(control) => (
        <select
          {...control}
          className="input"
          value={value}
          disabled={isOff}
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
      )}
    </FieldFrame>
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
