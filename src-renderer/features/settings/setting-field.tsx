/** @file The field of one setting, fitting its kind. Shows and reports texts; what they mean is the engine's matter. */
import type { SettingView } from '../../../src-preload/contract/setup-views.ts';
import { factOf } from './setting-facts.ts';
import { hostLines, readSize, sizeUnits } from './setting-texts.ts';

interface SettingFieldProps {
  readonly id: string;
  readonly setting: SettingView;
  /** As it was typed, else as it is in force. */
  readonly text: string;
  readonly isDraft: boolean;
  readonly isWrong: boolean;
  /** Ids of the words that describe it. */
  readonly describedBy: string;
  readonly onChange: (text: string) => void;
}

export function SettingField(props: SettingFieldProps) {
  const { id, setting, text, isDraft, isWrong, describedBy, onChange } = props;
  const { kind, unit, empty } = factOf(setting);
  const common = { id, 'aria-describedby': describedBy, 'aria-invalid': isWrong };
  switch (kind) {
    case 'choice':
      return <ChoiceInput {...props} />;
    case 'size':
      return <SizeInput {...props} />;
    case 'hosts': {
      const lines = isDraft ? text : hostLines(text);
      return (
        <textarea
          {...common}
          className="input input-code"
          rows={Math.min(6, Math.max(2, lines.split('\n').length))}
          value={lines}
          placeholder={`${empty ?? 'none'}; one name a line`}
          autoCapitalize="none"
          spellCheck={false}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    }
    case 'number':
      return (
        <div className="setting-amount">
          <input
            {...common}
            className="input"
            inputMode="numeric"
            value={text}
            autoComplete="off"
            onChange={(event) => onChange(event.target.value)}
          />
          {unit !== undefined && <span>{unit}</span>}
        </div>
      );
    case 'text':
      return (
        <input
          {...common}
          className="input input-code"
          value={text}
          placeholder={empty}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          onChange={(event) => onChange(event.target.value)}
        />
      );
  }
}

function ChoiceInput({ id, setting, text, isWrong, describedBy, onChange }: SettingFieldProps) {
  const { options = {} } = factOf(setting);
  const values = [...new Set([...setting.allowed.split(', '), text])];
  return (
    <select
      id={id}
      className="input"
      value={text}
      aria-describedby={describedBy}
      aria-invalid={isWrong}
      onChange={(event) => onChange(event.target.value)}
    >
      {values.map((value) => (
        <option key={value} value={value}>
          {options[value] ?? value}
        </option>
      ))}
    </select>
  );
}

/** An amount and a unit; one text where it is written in bytes or in another way. */
function SizeInput({ id, setting, text, isWrong, describedBy, onChange }: SettingFieldProps) {
  const size = readSize(text);
  return (
    <div className="setting-amount">
      <input
        id={id}
        className="input"
        inputMode="decimal"
        value={size?.amount ?? text}
        autoComplete="off"
        aria-describedby={describedBy}
        aria-invalid={isWrong}
        onChange={(event) => onChange(`${event.target.value}${size?.unit ?? ''}`)}
      />
      {size !== null && (
        <select
          className="input"
          value={size.unit}
          aria-label={`${factOf(setting).label}: unit`}
          onChange={(event) => onChange(`${size.amount}${event.target.value}`)}
        >
          {sizeUnits.map((unit) => (
            <option key={unit}>{unit}</option>
          ))}
        </select>
      )}
    </div>
  );
}
