/** @file The second step: where mirrors go. */
import type { SetupView } from '../../../src-preload/contract/setup-views.ts';
import { ChoiceField } from '../../ui/fields.tsx';
import { Skeleton } from '../../ui/pieces.tsx';
import { FixedNote } from './fixed-note.tsx';
import { FolderForm } from './folder-form.tsx';
import { OnedevForm } from './onedev-form.tsx';
import { Panel, StepPage } from './step-page.tsx';
import { makeTargetForm, type TargetDraft, type TargetForm } from './target-draft.ts';
import { useSettings } from './use-settings.ts';

export interface TargetStepProps {
  readonly setup: SetupView;
  readonly isLive: boolean;
  readonly draft: TargetDraft;
  readonly onDraft: (draft: TargetDraft) => void;
}

/** Of the form of one kind of target. */
export interface TargetFormProps {
  readonly setup: SetupView;
  readonly isLive: boolean;
  readonly form: TargetForm;
  readonly onChange: (change: Partial<TargetDraft>) => void;
}

export function TargetStep({ setup, isLive, draft, onDraft }: TargetStepProps) {
  const settings = useSettings();
  return (
    <StepPage
      title="Where mirrors go"
      lead="Choose the place that keeps your copies. It is tested before anything is saved."
    >
      {settings === null ? (
        <Skeleton rows={3} label="Loading what is set" />
      ) : (
        <TargetForms
          setup={setup}
          isLive={isLive}
          form={makeTargetForm(draft, setup, settings)}
          onChange={(change) => onDraft({ ...draft, ...change })}
        />
      )}
    </StepPage>
  );
}

function TargetForms(props: TargetFormProps) {
  const { setup, form, onChange } = props;
  return (
    <>
      {setup.fixed.includes('target') ? (
        <FixedNote
          what="The kind of place"
          variable="EPICSTAR_TARGET"
          value={form.kind === 'onedev' ? 'OneDev' : 'a folder'}
        />
      ) : (
        <Panel>
          <ChoiceField
            label="Keep mirrors in"
            value={form.kind}
            onChange={(kind) => onChange({ kind })}
            options={[
              { value: 'onedev', label: 'OneDev', hint: 'your own git server, with a project for each repository' },
              { value: 'folder', label: 'A folder', hint: 'bare repositories on a disk or a NAS, no server needed' },
            ]}
          />
        </Panel>
      )}
      {form.kind === 'onedev' ? <OnedevForm {...props} /> : <FolderForm {...props} />}
    </>
  );
}
