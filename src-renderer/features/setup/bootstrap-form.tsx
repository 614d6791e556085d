/** @file Lets epicstar make parent project, role and token itself, with an administrator's password that is used once. */
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Disclosure } from '../../ui/disclosure.tsx';
import { TextField } from '../../ui/fields.tsx';
import { Form } from '../../ui/form.tsx';
import { SecretField } from '../../ui/secret-field.tsx';
import { useSecret } from '../../ui/use-secret.ts';
import type { OnedevPlace } from './target-draft.ts';
import type { TargetTest } from './use-target-test.ts';

interface BootstrapFormProps {
  readonly test: TargetTest;
  /** Null: the address above is none. */
  readonly place: OnedevPlace | null;
  readonly isLive: boolean;
  /** Whether all above is as it should be; if not, it says so there. */
  readonly mayMake: () => boolean;
}

export function BootstrapForm({ test, place, isLive, mayMake }: BootstrapFormProps) {
  const [user, setUser] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const password = useSecret();
  const make = (): void => {
    if (!isLive || test.isRunning) return;
    const name = user.trim();
    const isMissing = name === '' || password.input.current?.value === '';
    const isReady = mayMake() && place !== null;
    if (isMissing) setProblem('Enter both, the user and the password.');
    else setProblem(isReady ? null : 'Complete what is missing above first.');
    if (isMissing || !isReady) return;
    const taken = password.take();
    password.forget();
    if (taken !== null) void test.bootstrap({ ...place, user: name, password: taken });
  };
  return (
    <Disclosure summary="Let epicstar make them: parent project, role and token">
      <Form label="Make a token as an administrator" onSubmit={make}>
        <p>
          Sign in as an administrator of OneDev, once. epicstar makes the parent project, the role and a token that can
          do no more than mirror. User and password are used for that alone and kept nowhere.
        </p>
        <TextField label="User of OneDev" value={user} onChange={setUser} isCode />
        <SecretField label="Password" secret={password} problem={problem} onType={() => setProblem(null)} />
        <div className="buttons">
          <Button
            label="Make them and save"
            icon="key"
            isOff={!isLive || test.isRunning}
            isBusy={test.attempt.busy === 'bootstrap'}
            onPress={make}
          />
        </div>
      </Form>
    </Disclosure>
  );
}
