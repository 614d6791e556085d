/** @file One setting: what it does, its field, its default, where it comes from, and what is wrong with it. */
import { useId } from 'react';
import type { SettingView } from '../../../src-preload/contract/setup-views.ts';
import { TextButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { SettingField } from './setting-field.tsx';
import { factOf } from './setting-facts.ts';
import { describeOrigin, describeText, isChanged, isFixed, shownText } from './setting-texts.ts';

interface SettingRowProps {
  readonly setting: SettingView;
  /** Undefined: nothing was typed; null: back to the default. */
  readonly draft: string | null | undefined;
  readonly problem: string | null;
  readonly onChange: (draft: string | null | undefined) => void;
}

export function SettingRow({ setting, draft, problem, onChange }: SettingRowProps) {
  const id = useId();
  const { label, line, atNextStart } = factOf(setting);
  const isKnown = label !== setting.name;
  const words = (
    <p id={`${id}-line`} className="field-hint">
      {line}
      {atNextStart === true && ' Acts at the next start of epicstar.'}
    </p>
  );
  if (isFixed(setting)) {
    return (
      <div className="setting" data-setting={setting.name} role="group" aria-labelledby={id}>
        <div className="setting-words">
          <p id={id} className="field-label">
            {isKnown ? label : <code>{label}</code>}
          </p>
          {words}
        </div>
        <FixedValue setting={setting} />
      </div>
    );
  }
  const text = shownText(setting, draft);
  return (
    <div className={isChanged(setting, draft) ? 'setting setting-changed' : 'setting'} data-setting={setting.name}>
      <div className="setting-words">
        <label className="field-label" htmlFor={id}>
          {isKnown ? label : <code>{label}</code>}
        </label>
        {words}
      </div>
      <div className="setting-control">
        <SettingField
          id={id}
          setting={setting}
          text={text}
          isDraft={typeof draft === 'string'}
          isWrong={problem !== null}
          describedBy={`${id}-line ${id}-foot`}
          onChange={onChange}
        />
        <div id={`${id}-foot`} className="field-words">
          {problem !== null && (
            <p className="field-problem" role="alert">
              {problem}
            </p>
          )}
          <RowFoot setting={setting} draft={draft} />
        </div>
        <BackButton setting={setting} draft={draft} label={label} onChange={onChange} />
      </div>
    </div>
  );
}

function FixedValue({ setting }: { readonly setting: SettingView }) {
  return (
    <div className="setting-control">
      <p className="setting-fixed">
        <Icon name="lock" />
        <bdi>{describeText(setting, setting.text)}</bdi>
      </p>
      <p className="field-hint">
        {describeOrigin(setting)}, which is stronger than what is saved here. Change it there.
      </p>
    </div>
  );
}

function RowFoot({ setting, draft }: Pick<SettingRowProps, 'setting' | 'draft'>) {
  const origin = describeOrigin(setting);
  const isNew = isChanged(setting, draft);
  return (
    <p className="field-hint">
      Default: <bdi>{describeText(setting, setting.fallback)}</bdi>
      {isNew ? '. Not saved yet.' : origin !== null && `. ${origin}.`}
    </p>
  );
}

/** From what was typed to what is in force, or from there to the default. */
function BackButton(props: Pick<SettingRowProps, 'setting' | 'draft' | 'onChange'> & { readonly label: string }) {
  const { setting, draft, onChange, label } = props;
  if (isChanged(setting, draft)) return <TextButton label="Undo" of={label} onPress={() => onChange(undefined)} />;
  if (setting.origin !== 'file') return null;
  return <TextButton label="Back to the default" of={label} onPress={() => onChange(null)} />;
}
