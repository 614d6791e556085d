/** @file A moment in which GitHub is asked something. */
import { useRef } from 'react';
import { useClient } from '../../connection/client-context.tsx';
import { useAttempt } from '../../connection/use-attempt.ts';
import { Button } from '../../ui/button.tsx';
import { FailureCallout } from '../../ui/failure-callout.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useFocusWhenLost } from '../../ui/use-focus-when-lost.ts';
import { Panel } from './step-page.tsx';

interface GithubUnderWayProps {
  readonly title: string;
  readonly isLive: boolean;
  readonly canCancel: boolean;
}

export function GithubUnderWay({ title, isLive, canCancel }: GithubUnderWayProps) {
  const client = useClient();
  const { busy, failure, run } = useAttempt();
  const words = useRef<HTMLParagraphElement>(null);
  useFocusWhenLost(words);
  return (
    <Panel>
      <p className="under-way" ref={words} tabIndex={-1}>
        <Icon name="sync" spinning={isLive} />
        {title}
      </p>
      <FailureCallout failure={failure} />
      {canCancel && (
        <div className="buttons">
          <Button
            label="Cancel"
            icon="close"
            isOff={!isLive}
            isBusy={busy !== null}
            onPress={() => void run('cancel', () => client.call('setup.cancelDeviceFlow'))}
          />
        </div>
      )}
    </Panel>
  );
}
