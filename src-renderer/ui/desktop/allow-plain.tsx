/** @file Asks, where there is no keyring, whether secrets may be kept in plain files. */
import { useState } from 'react';
import type { DesktopView } from '../../../src-preload/contract/desktop-views.ts';
import { useClient } from '../../connection/client-context.tsx';
import { useAttempt } from '../../connection/use-attempt.ts';
import { useDesktop } from '../../connection/use-desktop.ts';
import { Button } from '../button.tsx';
import { Callout } from '../callout.tsx';
import { Dialog } from '../dialog.tsx';
import { FailureCallout } from '../failure-callout.tsx';

/** What there is to be done instead, and what a yes means. */
function Meaning() {
  return (
    <>
      <p>
        Without a keyring nothing encrypts your tokens: they would lie in the data directory of epicstar, in files that
        only your user account can read. Every program that you start could read them too, and so could whoever gets at
        the disk or a backup of it.
      </p>
      <p>
        The other way: unlock or install a keyring (GNOME Keyring or KWallet), and start epicstar again. What was stored
        in plain files moves there by itself.
      </p>
    </>
  );
}

interface AllowPlainButtonProps {
  readonly kind?: 'primary' | 'plain';
}

/** A button, and the question behind it. */
export function AllowPlainButton({ kind = 'plain' }: AllowPlainButtonProps) {
  const client = useClient();
  const { busy, failure, run, clear } = useAttempt();
  const [isAsking, setIsAsking] = useState(false);
  const close = (): void => {
    clear();
    setIsAsking(false);
  };
  const allow = async (): Promise<void> => {
    const answer = await run('allow', () => client.call('desktop.allowPlain'));
    if (answer !== null) close();
  };
  return (
    <>
      <Button label="Allow plain files" icon="lock" kind={kind} onPress={() => setIsAsking(true)} />
      <Dialog
        title="Keep secrets in plain files"
        isOpen={isAsking}
        onClose={close}
        actions={
          <>
            <Button label="Do not allow" icon="close" onPress={close} />
            <Button
              label="Allow plain files"
              icon="check"
              kind="primary"
              isBusy={busy !== null}
              onPress={() => void allow()}
            />
          </>
        }
      >
        <Meaning />
        <FailureCallout failure={failure} />
      </Dialog>
    </>
  );
}

/** Whether the engine of this computer can store no token until the person has said yes. */
export function lacksStorage(desktop: DesktopView | null): boolean {
  return desktop !== null && desktop.engine.address === null && desktop.secrets.kind === 'plain-refused';
}

/** Before a token is entered; nothing where it can be stored. */
export function PlainSecretsNote() {
  const desktop = useDesktop();
  if (desktop === null || !lacksStorage(desktop) || desktop.secrets.kind !== 'plain-refused') return null;
  return (
    <Callout kind="warning" title="A token cannot be stored yet">
      <p>{desktop.secrets.reason} epicstar asks before it keeps a token in a plain file instead.</p>
      <div className="buttons">
        <AllowPlainButton kind="primary" />
      </div>
    </Callout>
  );
}
