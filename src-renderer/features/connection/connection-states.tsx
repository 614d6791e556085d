/** @file What is said while the engine cannot be heard. */
import { Link } from 'wouter';
import type { ConnectionStatus } from '../../../src-preload/contract/client.ts';
import { useClient } from '../../connection/client-context.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Skeleton } from '../../ui/pieces.tsx';

interface BannerProps {
  readonly connection: ConnectionStatus;
  /** Whether there is something older to look at meanwhile. */
  readonly isKnown: boolean;
}

/** Above the page, which goes on showing what was known last. */
export function ConnectionBanner({ connection, isKnown }: BannerProps) {
  const isLost = isKnown && connection !== 'open';
  return (
    <div role="status" className="banner-place">
      {isLost && connection === 'signed-out' && <SignedOutBanner />}
      {isLost && connection !== 'signed-out' && (
        <p className="banner">
          <Icon name="offline" />
          <span>
            <strong>epicstar does not answer.</strong> What you see is how it was; the window comes back by itself.
          </span>
        </p>
      )}
    </div>
  );
}

function SignedOutBanner() {
  const { reachesDesktop } = useClient();
  return (
    <p className="banner">
      <Icon name="key" />
      <span>
        {reachesDesktop ? (
          <>
            <strong>The engine does not know the token any more.</strong>{' '}
            <Link href="/settings">Enter another in the settings</Link>
          </>
        ) : (
          <>
            <strong>This window is signed out.</strong> <a href="./">Sign in again</a>
          </>
        )}
      </span>
    </p>
  );
}

/** In place of the page, before anything was heard. */
export function NotConnected({ connection }: { readonly connection: ConnectionStatus }) {
  if (connection === 'connecting' || connection === 'open') {
    return (
      <main className="page">
        <h1 className="visually-hidden">Activity</h1>
        <Skeleton rows={4} label="Connecting to epicstar" />
      </main>
    );
  }
  const isSignedOut = connection === 'signed-out';
  return (
    <main>
      <div className="lone" role="status">
        <span className="lone-icon">
          <Icon name={isSignedOut ? 'key' : 'offline'} />
        </span>
        <h1>{isSignedOut ? 'This window is signed out' : 'epicstar does not answer'}</h1>
        {isSignedOut ? (
          <p>
            <a href="./">Sign in again</a> with the address that epicstar printed when it started.
          </p>
        ) : (
          <p>Is it running? This window tries again by itself.</p>
        )}
      </div>
    </main>
  );
}
