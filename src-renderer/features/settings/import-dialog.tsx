/** @file Settings from a file or pasted: what they would change is shown before it is done. */
import { useId, useState } from 'react';
import type { SettingView } from '../../../src-preload/contract/setup-views.ts';
import { countOf } from '../../../src-preload/contract/words.ts';
import { useClient } from '../../connection/client-context.tsx';
import { useAttempt } from '../../connection/use-attempt.ts';
import { Button } from '../../ui/button.tsx';
import { Callout } from '../../ui/callout.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureCallout } from '../../ui/failure-callout.tsx';
import { TextAreaField } from '../../ui/text-area-field.tsx';
import { type ImportPlan, planImport } from './import-plan.ts';
import { type OtherChange, useOtherChanges } from './use-other-changes.ts';

interface ImportDialogProps {
  readonly settings: readonly SettingView[];
  readonly isOpen: boolean;
  readonly isLive: boolean;
  readonly onClose: () => void;
  readonly onImported: () => void;
}

/** As long as the contract carries; an export of everything is far shorter. */
const mostChars = 60_000;

export function ImportDialog({ settings, isOpen, isLive, onClose, onImported }: ImportDialogProps) {
  const client = useClient();
  const { busy, failure, run, clear } = useAttempt();
  const [text, setText] = useState('');
  const plan = text.trim() === '' ? null : planOf(text, settings);
  const others = useOtherChanges(plan?.kind === 'steps' && isOpen ? text : null);
  const canImport = plan?.kind === 'steps' && plan.unknown.length === 0 && others.failure === null;
  const take = (next: string): void => {
    clear();
    setText(next);
  };
  const close = (): void => {
    clear();
    onClose();
  };
  const importText = async (): Promise<void> => {
    const answer = await run('import', () => client.call('settings.import', { text }));
    if (answer === null) return;
    setText('');
    close();
    onImported();
  };
  return (
    <Dialog
      title="Import settings"
      isOpen={isOpen}
      onClose={close}
      actions={
        <>
          <Button label="Cancel" icon="close" onPress={close} />
          <Button
            label="Import"
            icon="check"
            kind="primary"
            isOff={!isLive || !canImport}
            isBusy={busy !== null}
            onPress={() => void importText()}
          />
        </>
      }
    >
      <p>
        All settings of the settings file are replaced; rules of what to mirror and your choices too, if the file has
        them. Accounts and tokens stay as they are.
      </p>
      <FileField onText={take} />
      <TextAreaField
        label="Or paste the settings"
        value={text}
        onChange={take}
        rows={4}
        hint="As “Export settings” or “epicstar config export” wrote them."
      />
      {plan !== null && <Plan plan={plan} others={others.changes} />}
      {others.failure !== null && <Callout kind="failed" title={others.failure} />}
      <FailureCallout failure={failure} />
    </Dialog>
  );
}

function planOf(text: string, settings: readonly SettingView[]): ImportPlan {
  if (text.length > mostChars) return { kind: 'unreadable', reason: 'This is too long for a file of settings.' };
  return planImport(text, settings);
}

function FileField({ onText }: { readonly onText: (text: string) => void }) {
  const id = useId();
  const [problem, setProblem] = useState<string | null>(null);
  const read = (file: File | undefined): void => {
    setProblem(null);
    file?.text().then(onText, () => setProblem('The file could not be read.'));
  };
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        File
      </label>
      <input
        id={id}
        type="file"
        className="file-input"
        accept=".json,application/json"
        onChange={(event) => read(event.target.files?.[0])}
      />
      {problem !== null && (
        <p className="field-problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

interface PlanProps {
  readonly plan: ImportPlan;
  readonly others: readonly OtherChange[];
}

function Plan({ plan, others }: PlanProps) {
  if (plan.kind === 'unreadable') return <Callout kind="failed" title={plan.reason} />;
  const { steps, unknown } = plan;
  if (unknown.length > 0) {
    return (
      <Callout kind="failed" title="This names settings that do not exist">
        <p>
          <bdi>{unknown.slice(0, 10).join(', ')}</bdi>
        </p>
        <p>Take them out to import the rest.</p>
      </Callout>
    );
  }
  if (steps.length + others.length === 0) return <Callout kind="info" title="Nothing would change" />;
  return (
    <section className="import-plan" aria-label="What will change">
      <p className="field-label" role="status">
        {countOf(steps.length + others.length, 'change')}
      </p>
      <ul className="plain-list">
        {steps.map(({ name, label, from, to, note }) => (
          <li key={name}>
            {label}: <bdi className="import-from">{from}</bdi> becomes <bdi>{to}</bdi>
            {note !== null && <span className="field-hint"> {note}</span>}
          </li>
        ))}
        {others.map(({ label, from, to }) => (
          <li key={label}>
            {label}: <bdi className="import-from">{from}</bdi> becomes <bdi>{to}</bdi>
          </li>
        ))}
      </ul>
    </section>
  );
}
