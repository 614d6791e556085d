/** @file One setting of the desktop that is on or off, saved as soon as it is changed. */
import { type ReactNode, useId } from 'react';

interface DesktopSwitchProps {
  readonly label: string;
  /** What it does, in one line. */
  readonly line: ReactNode;
  readonly isOn: boolean;
  /** False: by default it is off. */
  readonly isDefault: boolean;
  readonly isBusy: boolean;
  /** It cannot be changed here. */
  readonly isOff?: boolean;
  /** What is to be said of how it is now. */
  readonly remark?: string | null;
  readonly onChange: (isOn: boolean) => void;
}

export function DesktopSwitch(props: DesktopSwitchProps) {
  const { label, line, isOn, isDefault, isBusy, isOff = false, remark = null, onChange } = props;
  const id = useId();
  return (
    <div className="setting">
      <div className="setting-words">
        <label className="field-label" htmlFor={id}>
          {label}
        </label>
        <p id={`${id}-line`} className="field-hint">
          {line}
        </p>
      </div>
      <div className="setting-control">
        <div className="check">
          <input
            id={id}
            type="checkbox"
            checked={isOn}
            disabled={isOff}
            aria-busy={isBusy}
            aria-describedby={`${id}-line ${id}-foot`}
            onChange={(event) => onChange(event.target.checked)}
          />
          <span aria-hidden="true">{isOn ? 'On' : 'Off'}</span>
        </div>
        <div id={`${id}-foot`} className="field-words">
          {remark !== null && <p className="field-problem">{remark}</p>}
          <p className="field-hint">Default: {isDefault ? 'on' : 'off'}</p>
        </div>
      </div>
    </div>
  );
}
