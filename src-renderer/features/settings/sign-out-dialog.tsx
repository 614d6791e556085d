/** @file Asks before the sign-in to GitHub is forgotten. */
import type { GithubAccountView } from '../../../src-preload/contract/setup-views.ts';
import { useClient } from '../../connection/client-context.tsx';
import { useAttempt } from '../../connection/use-attempt.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureCallout } from '../../ui/failure-callout.tsx';

interface SignOutDialogProps {
  readonly account: GithubAccountView;
  readonly isOpen: boolean;
  readonly isLive: boolean;
  readonly onClose: () => void;
}

export function SignOutDialog({ account, isOpen, isLive, onClose }: SignOutDialogProps) {
  const client = useClient();
  const { busy, failure, run, clear } = useAttempt();
  const close = (): void => {
    clear();
    onClose();
  };
  const signOut = async (): Promise<void> => {
    const answer = await run('sign-out', () => client.call('setup.signOutGithub'));
    if (answer !== null) close();
  };
  return (
    <Dialog
      title="Sign out of GitHub"
      isOpen={isOpen}
      onClose={close}
      actions={
        <>
          <Button label="Stay signed in" icon="close" onPress={close} />
          <Button
            label="Sign out"
            icon="check"
            kind="primary"
            isOff={!isLive}
            isBusy={busy !== null}
            onPress={() => void signOut()}
          />
        </>
      }
    >
      <p>
        The token of <bdi>{account.login}</bdi> is forgotten here. New stars are not seen and nothing is mirrored until
        somebody signs in again.
      </p>
      <p>What was mirrored stays as it is.</p>
      <FailureCallout failure={failure} />
    </Dialog>
  );
}
