/** @file A mirror pushed to another remote, where nothing is overwritten or deleted. The token is used once. */
import { useState } from 'react';
import type { HandoutView } from '../../../src-preload/contract/handout-calls.ts';
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import { countOf, formatCount } from '../../../src-preload/contract/words.ts';
import { useClient } from '../../connection/client-context.tsx';
import { Button } from '../button.tsx';
import { Dialog } from '../dialog.tsx';
import { FailureCallout } from '../failure-callout.tsx';
import { CheckField, TextField } from '../fields.tsx';
import { Form } from '../form.tsx';
import { SecretField } from '../secret-field.tsx';
import { useSecret } from '../use-secret.ts';
import { HandoutProblem, HandoutProgress } from './handout-progress.tsx';
import { isUnderWay, useHandout } from './use-handout.ts';

interface PushDialogProps {
  readonly repository: RepositoryView;
  /** What was begun before. */
  readonly found: HandoutView | null;
  readonly onClose: () => void;
}

export function PushDialog({ repository: { githubId, fullName }, found, onClose }: PushDialogProps) {
  const client = useClient();
  const { handout, isBeginning, failure, begin, end } = useHandout(found);
  const secret = useSecret();
  const [address, setAddress] = useState('');
  const [user, setUser] = useState('');
  const [withKept, setWithKept] = useState(false);
  const [isAsked, setIsAsked] = useState(false);
  const wanted = address.trim();
  const goesOn = isUnderWay(handout);
  const isDone = handout?.state === 'done' && handout.push?.isHeldBack === false;

  const close = (): void => {
    end();
    secret.forget();
    onClose();
  };
  const push = (): void => {
    setIsAsked(true);
    if (isBeginning || goesOn || wanted === '') return;
    const token = secret.take() ?? '';
    const argument = { githubId, address: wanted, user: user.trim(), token, withKept };
    void begin(() => client.call('handouts.push', argument));
  };
  return (
    <Dialog
      title="Push to another remote"
      isOpen
      onClose={close}
      actions={
        <>
          <Button label={isDone ? 'Close' : 'Cancel'} icon={isDone ? 'check' : 'close'} onPress={close} />
          {!goesOn && !isDone && (
            <Button
              label={handout === null ? 'Push' : 'Try again'}
              icon="sync"
              kind="primary"
              isBusy={isBeginning}
              onPress={push}
            />
          )}
        </>
      }
    >
      {goesOn && handout !== null ? (
        <HandoutProgress handout={handout} label="Push" />
      ) : (
        <>
          {handout !== null && <Outcome handout={handout} />}
          {!isDone && (
            <Form label="Push to another remote" onSubmit={push}>
              <p>
                All branches and tags of <bdi>{fullName}</bdi> go to a repository that exists there. Nothing there is
                overwritten or deleted. Files kept by Git LFS do not go along.
              </p>
              <TextField
                kind="url"
                label="Address"
                isCode
                value={address}
                onChange={setAddress}
                placeholder="https://git.example.org/me/name.git"
                problem={isAsked && wanted === '' ? 'Enter the address of the other repository.' : null}
              />
              <TextField
                label="User"
                value={user}
                onChange={setUser}
                hint="Most servers look at the token alone; then it may be empty."
              />
              <SecretField
                label="Token or password"
                secret={secret}
                hint="It is used for this push and stored nowhere."
              />
              <CheckField
                label="With the old tips that the mirror keeps"
                hint="Under refs/epicstar/kept, which some servers refuse."
                isChecked={withKept}
                onChange={setWithKept}
              />
            </Form>
          )}
        </>
      )}
      <FailureCallout failure={failure} />
    </Dialog>
  );
}

function Outcome({ handout }: { readonly handout: HandoutView }) {
  const { state, push } = handout;
  if (state !== 'done' || push === null) return <HandoutProblem handout={handout} />;
  const { pushed, unchanged, isHeldBack, refused, refusedCount } = push;
  const others = refusedCount - refused.length;
  return (
    <>
      <p role={isHeldBack ? 'alert' : 'status'} className={isHeldBack ? 'field-problem' : undefined}>
        {isHeldBack
          ? 'Nothing was pushed: what is there would be lost.'
          : `${countOf(pushed, 'ref')} pushed, ${formatCount(unchanged)} were there already${
              refusedCount > 0 ? `, ${formatCount(refusedCount)} refused` : ''
            }.`}
      </p>
      {refused.length > 0 && (
        <ul className="refs">
          {refused.map(({ ref, reason }) => (
            <li key={ref}>
              <code>
                <bdi>{ref}</bdi>
              </code>
              : <bdi>{reason}</bdi>
            </li>
          ))}
        </ul>
      )}
      {others > 0 && <p className="row-line">and {countOf(others, 'other')}</p>}
    </>
  );
}
