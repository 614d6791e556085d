/** @file Begins the sign-in by a code. */
import { useRef } from 'react';
import { useClient } from '../../connection/client-context.tsx';
import { useAttempt } from '../../connection/use-attempt.ts';
import { Button } from '../../ui/button.tsx';
import { FailureCallout } from '../../ui/failure-callout.tsx';
import { CheckField } from '../../ui/fields.tsx';
import { useFocusWhenLost } from '../../ui/use-focus-when-lost.ts';
import type { GithubDraftProps } from './github-draft.ts';

interface DeviceStartProps extends GithubDraftProps {
  /** Null: what was typed is no address. */
  readonly apiUrl: string | null;
  readonly host: string | null;
  readonly isLive: boolean;
  readonly onKeep: (() => void) | null;
}

export function DeviceStart({ apiUrl, host, isLive, draft, onDraft, onKeep }: DeviceStartProps) {
  const client = useClient();
  const { busy, failure, run } = useAttempt();
  const { withPrivate } = draft;
  const place = useRef<HTMLParagraphElement>(null);
  useFocusWhenLost(place);
  const begin = (): void => {
    if (apiUrl !== null) void run('begin', () => client.call('setup.beginDeviceFlow', { apiUrl, withPrivate }));
  };
  return (
    <>
      <p ref={place} tabIndex={-1}>
        GitHub shows a page, you enter a code there, and this window goes on by itself. No password is typed here.
      </p>
      <CheckField
        label="Also mirror private repositories that I starred"
        isChecked={withPrivate}
        onChange={(isChecked) => onDraft({ ...draft, withPrivate: isChecked })}
        hint={
          <>
            Asks for the scope <code>repo</code>. GitHub has no smaller one for this: it lets a program read and write
            all your repositories. epicstar only reads. Leave it off if all you starred is public.
          </>
        }
      />
      <FailureCallout failure={failure} />
      <div className="buttons">
        <Button
          label={host === null || host === 'github.com' ? 'Sign in with GitHub' : `Sign in with ${host}`}
          icon="key"
          kind="primary"
          isOff={!isLive || apiUrl === null}
          isBusy={busy !== null}
          onPress={begin}
        />
        {onKeep !== null && <Button label="Stay signed in as before" icon="close" onPress={onKeep} />}
      </div>
    </>
  );
}
