/** @file Which engine this program works with: the one of this computer, or one elsewhere by its address and token. */
import { useState } from 'react';
import type { DesktopView } from '../../../src-preload/contract/desktop-views.ts';
import { useClient } from '../../connection/client-context.tsx';
import { useAttempt } from '../../connection/use-attempt.ts';
import { Button } from '../button.tsx';
import { Dialog } from '../dialog.tsx';
import { FailureCallout } from '../failure-callout.tsx';
import { ChoiceField, TextField } from '../fields.tsx';
import { Form } from '../form.tsx';
import { SecretField } from '../secret-field.tsx';
import { useSecret } from '../use-secret.ts';
import { AllowPlainButton } from './allow-plain.tsx';

interface AttachDialogProps {
  readonly desktop: DesktopView;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function AttachDialog({ desktop, isOpen, onClose }: AttachDialogProps) {
  return isOpen ? <OpenDialog desktop={desktop} isOpen onClose={onClose} /> : null;
}

function OpenDialog({ desktop: { engine, secrets }, onClose }: AttachDialogProps) {
  const client = useClient();
  const { busy, failure, run } = useAttempt();
  const secret = useSecret();
  const [place, setPlace] = useState<'here' | 'elsewhere'>(engine.nextAddress === null ? 'here' : 'elsewhere');
  const [address, setAddress] = useState(engine.nextAddress ?? '');
  const [isAsked, setIsAsked] = useState(false);
  const isElsewhere = place === 'elsewhere';
  const lacksAddress = isAsked && isElsewhere && address.trim() === '';

  const save = async (): Promise<void> => {
    setIsAsked(true);
    if (busy !== null || (isElsewhere && address.trim() === '')) return;
    const wished = isElsewhere ? { address: address.trim(), token: secret.take() } : { address: null, token: null };
    const answer = await run('attach', () => client.call('desktop.attach', wished));
    if (answer === null) return;
    secret.forget();
    onClose();
  };
  return (
    <Dialog
      title="Which engine to work with"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button label="Leave it as it is" icon="close" onPress={onClose} />
          <Button label="Save" icon="check" kind="primary" isBusy={busy !== null} onPress={() => void save()} />
        </>
      }
    >
      <Form label="Which engine to work with" onSubmit={() => void save()}>
        <ChoiceField
          label="The engine that watches your stars"
          value={place}
          onChange={setPlace}
          options={[
            { value: 'here', label: 'On this computer', hint: 'it works while this program runs' },
            { value: 'elsewhere', label: 'Elsewhere', hint: 'a server or NAS where epicstar serve runs' },
          ]}
          hint="It changes at the next start of the program. Each engine has its own sign-ins, settings and history."
        />
        {isElsewhere && (
          <>
            <TextField
              kind="url"
              label="Address"
              isCode
              value={address}
              onChange={setAddress}
              placeholder="https://nas.example.org"
              problem={lacksAddress ? 'Enter the address of the engine.' : null}
              hint="https, or http on this computer. Its certificate is checked."
            />
            {engine.isTokenFixed ? (
              <p className="field-hint">
                The token comes from <bdi>{engine.tokenFrom ?? 'outside'}</bdi> and is not changed here.
              </p>
            ) : (
              <SecretField
                label="Token"
                secret={secret}
                placeholder={engine.tokenFrom === null ? '' : 'Stored; leave empty to keep it'}
                hint="The web token of that engine, as it was set by EPICSTAR_WEB_TOKEN or is kept in its data directory. One that is stored serves only the address it was given for."
              />
            )}
          </>
        )}
      </Form>
      <FailureCallout failure={failure} />
      {isElsewhere && !engine.isTokenFixed && secrets.kind === 'plain-refused' && (
        <div className="buttons">
          <AllowPlainButton />
        </div>
      )}
    </Dialog>
  );
}
