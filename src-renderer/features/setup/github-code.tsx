/** @file The code of a sign-in that waits for its person. That it was entered is noticed by the state itself. */
import { useEffect, useRef, useState } from 'react';
import type { DeviceCodeView } from '../../../src-preload/contract/setup-views.ts';
import { useClient } from '../../connection/client-context.tsx';
import { useAttempt } from '../../connection/use-attempt.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { FailureCallout } from '../../ui/failure-callout.tsx';
import { ExternalLinkButton } from '../../ui/link-button.tsx';
import { useFocusWhenLost } from '../../ui/use-focus-when-lost.ts';
import { Panel } from './step-page.tsx';

interface GithubCodeProps {
  readonly code: DeviceCodeView;
  readonly isLive: boolean;
}

export function GithubCode({ code, isLive }: GithubCodeProps) {
  const client = useClient();
  const { busy, failure, run } = useAttempt();
  const heading = useRef<HTMLHeadingElement>(null);
  useFocusWhenLost(heading);
  return (
    <Panel>
      <h2 className="panel-title" ref={heading} tabIndex={-1}>
        Enter this code on GitHub’s page
      </h2>
      {/* An image to screen readers, so that the letters are read one by one. */}
      <div className="device-code" role="img" aria-label={`Code: ${spell(code.userCode)}`}>
        {code.userCode}
      </div>
      <div className="buttons">
        <CopyButton text={code.userCode} label="Copy code" />
        <ExternalLinkButton href={code.page} label="Open GitHub’s page" kind="primary" />
        <Button
          label="Cancel"
          icon="close"
          isOff={!isLive}
          isBusy={busy !== null}
          onPress={() => void run('cancel', () => client.call('setup.cancelDeviceFlow'))}
        />
      </div>
      <FailureCallout failure={failure} />
      <Countdown expiresAt={code.expiresAt} />
      <p className="panel-note">
        The page is <bdi>{code.page.replace(/^https:\/\//, '')}</bdi>; any browser will do, on any device. This window
        goes on by itself when GitHub says yes, and you may close it meanwhile.
      </p>
    </Panel>
  );
}

/** `WDJB-MJHT` -> `W, D, J, B, dash, M, J, H, T` */
function spell(userCode: string): string {
  return Array.from(userCode, (letter) => (letter === '-' ? 'dash' : letter)).join(', ');
}

/** Ticks silently; that it is nearly over is said once. */
function Countdown({ expiresAt }: { readonly expiresAt: number }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), 1_000);
    return () => window.clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.ceil((expiresAt - now) / 1_000));
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return (
    <div className="countdown">
      <span role="timer">{seconds === 0 ? 'This code has expired.' : `Valid for another ${clock}`}</span>
      <span className="visually-hidden" role="status">
        {seconds > 0 && seconds <= 60 && 'The code is valid for one more minute.'}
      </span>
    </div>
  );
}
