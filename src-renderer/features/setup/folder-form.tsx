/** @file A folder as the place of mirrors. */
import { useState } from 'react';
import { FailureCallout } from '../../ui/failure-callout.tsx';
import { TextField } from '../../ui/fields.tsx';
import { Form } from '../../ui/form.tsx';
import { Findings } from './findings.tsx';
import { FixedNote } from './fixed-note.tsx';
import { Panel } from './step-page.tsx';
import type { TargetFormProps } from './target-step.tsx';
import { TestButtons } from './test-buttons.tsx';
import { useLeaveStep } from './use-leave-step.ts';
import { isSmooth, useTargetTest } from './use-target-test.ts';

export function FolderForm({ setup, isLive, form, onChange }: TargetFormProps) {
  const test = useTargetTest(setup);
  const leave = useLeaveStep(setup, 'target');
  const [problem, setProblem] = useState<string | null>(null);
  const [tested, setTested] = useState<string | null>(null);
  const folder = form.folder.trim();
  const isFixed = setup.fixed.includes('folder');

  const begin = async (task: 'test' | 'save'): Promise<void> => {
    if (!isLive || test.isRunning) return;
    setProblem(folder === '' ? 'Enter the path of a folder.' : null);
    if (folder === '') return;
    setTested(folder);
    if (isSmooth(await test[task]({ kind: 'folder', folder }))) leave();
  };
  return (
    <Panel title="The folder">
      <Form label="Folder for mirrors" onSubmit={() => void begin('save')}>
        {isFixed && <FixedNote what="The folder" variable="EPICSTAR_FOLDER" />}
        <TextField
          label="Folder"
          value={form.folder}
          onChange={(value) => {
            setProblem(null);
            onChange({ folder: value });
          }}
          problem={problem}
          isOff={isFixed}
          placeholder="/srv/mirrors"
          hint="The whole path, on the computer that epicstar runs on. It is made when it is not there yet."
          isCode
        />
      </Form>
      <FailureCallout failure={test.attempt.failure} />
      <TestButtons test={test} isLive={isLive} onBegin={(task) => void begin(task)} onContinue={leave} />
      <Findings test={test} isLive={isLive} isOutdated={tested !== null && tested !== folder} />
    </Panel>
  );
}
