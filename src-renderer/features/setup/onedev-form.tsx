/** @file OneDev as the place of mirrors: its address, the token, and what more it may need. */
import { useState } from 'react';
import { PlainSecretsNote } from '../../ui/desktop/allow-plain.tsx';
import { FailureCallout } from '../../ui/failure-callout.tsx';
import { Form } from '../../ui/form.tsx';
import { useSecret } from '../../ui/use-secret.ts';
import { BootstrapForm } from './bootstrap-form.tsx';
import { Findings } from './findings.tsx';
import { LeastRights } from './least-rights.tsx';
import { MadeThings } from './made-things.tsx';
import { OnedevFields } from './onedev-fields.tsx';
import { readProblems, speaksOfCertificate, wordFailure } from './onedev-problems.ts';
import { Panel } from './step-page.tsx';
import { placeOf } from './target-draft.ts';
import type { TargetFormProps } from './target-step.tsx';
import { TestButtons } from './test-buttons.tsx';
import { useLeaveStep } from './use-leave-step.ts';
import { isSmooth, useTargetTest } from './use-target-test.ts';

export function OnedevForm({ setup, isLive, form, onChange }: TargetFormProps) {
  const test = useTargetTest(setup);
  const leave = useLeaveStep(setup, 'target');
  const secret = useSecret();
  const [isAsked, setIsAsked] = useState(false);
  const [hasNoToken, setHasNoToken] = useState(false);
  const [tested, setTested] = useState<string | null>(null);
  const isTokenFixed = setup.fixed.includes('onedev-token');
  const place = placeOf(form);
  const key = JSON.stringify(place);
  const problems = isAsked ? readProblems(form) : {};

  const begin = async (task: 'test' | 'save'): Promise<void> => {
    if (!isLive || test.isRunning) return;
    setIsAsked(true);
    const token = isTokenFixed ? null : secret.take();
    const lacksToken = token === null && !form.hasStoredToken;
    setHasNoToken(lacksToken);
    if (place === null || lacksToken || Object.keys(readProblems(form)).length > 0) return;
    setTested(key);
    onChange({ url: place.url });
    const answer = await test[task]({ kind: 'onedev', token, ...place });
    if (answer?.saved === true) secret.forget();
    if (isSmooth(answer)) leave();
  };
  /** Before a password is sent: whether all above is as it should be. */
  const mayMake = (): boolean => {
    setIsAsked(true);
    setTested(key);
    return Object.keys(readProblems(form)).length === 0;
  };
  return (
    <Panel title="OneDev">
      {!isTokenFixed && <PlainSecretsNote />}
      <Form label="OneDev as the place of mirrors" onSubmit={() => void begin('save')}>
        <OnedevFields
          setup={setup}
          form={form}
          onChange={onChange}
          secret={secret}
          problems={{ ...problems, token: hasNoToken ? 'Enter an access token of OneDev.' : null }}
          onTypeToken={() => setHasNoToken(false)}
          needsCaFile={speaksOfCertificate(test)}
        />
      </Form>
      <LeastRights root={form.root} />
      {!isTokenFixed && <BootstrapForm test={test} place={place} isLive={isLive} mayMake={mayMake} />}
      <FailureCallout failure={wordFailure(test.attempt.failure, form)} />
      <MadeThings made={test.made} isSaved={test.isSaved} />
      <TestButtons test={test} isLive={isLive} onBegin={(task) => void begin(task)} onContinue={leave} />
      <Findings test={test} isLive={isLive} isOutdated={tested !== null && tested !== key} />
    </Panel>
  );
}
