/** @file The frame of the window: who is connected to what, whether the engine can be heard, and the page. */
import { useConnection, useTopic } from './connection/client-context.tsx';
import { ActivityPage } from './features/activity/activity-page.tsx';
import { ConnectionBanner, NotConnected } from './features/connection/connection-states.tsx';
import { Header } from './features/header.tsx';
import { ErrorBoundary } from './ui/error-boundary.tsx';

export function App() {
  return (
    <ErrorBoundary>
      <Window />
    </ErrorBoundary>
  );
}

function Window() {
  const connection = useConnection();
  const overview = useTopic('overview');
  return (
    <>
      <Header overview={overview} />
      <ConnectionBanner connection={connection} isKnown={overview !== null} />
      {overview === null ? (
        <NotConnected connection={connection} />
      ) : (
        <ActivityPage overview={overview} isLive={connection === 'open'} />
      )}
    </>
  );
}
