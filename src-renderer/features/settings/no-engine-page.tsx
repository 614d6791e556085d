/** @file In place of all pages, in the desktop program, while an engine elsewhere was not heard yet. */
import { useEffect, useState } from 'react';
import type { ConnectionStatus } from '../../../src-preload/contract/client.ts';
import type { DesktopView } from '../../../src-preload/contract/desktop-views.ts';
import { Icon } from '../../ui/icon.tsx';
import { Skeleton } from '../../ui/pieces.tsx';
import { DesktopSection } from './desktop-section.tsx';
import { UpdatesSection } from './updates-section.tsx';

interface NoEnginePageProps {
  readonly desktop: DesktopView;
  readonly connection: ConnectionStatus;
}

/** So long an engine is given to answer before anything is said. */
const patienceMs = 3_000;

export function NoEnginePage({ desktop, connection }: NoEnginePageProps) {
  const isLate = useIsLate();
  const isWaiting = (connection === 'connecting' || connection === 'open') && desktop.engine.failure === null;
  if (isWaiting && !isLate) {
    return (
      <main className="page">
        <h1 className="visually-hidden">Activity</h1>
        <Skeleton rows={4} label="Connecting to epicstar" />
      </main>
    );
  }
  return (
    <main className="page">
      <div className="lone lone-above" role="status">
        <span className="lone-icon">
          <Icon name={connection === 'signed-out' ? 'key' : 'offline'} />
        </span>
        <h1>{titleOf(connection)}</h1>
        <p>
          <Reason desktop={desktop} connection={connection} />
        </p>
      </div>
      <DesktopSection desktop={desktop} />
      <UpdatesSection desktop={desktop} />
    </main>
  );
}

function titleOf(connection: ConnectionStatus): string {
  if (connection === 'signed-out') return 'The engine does not know this token';
  return connection === 'open' ? 'The engine is not understood' : 'The engine does not answer';
}

function Reason({ desktop: { engine, version }, connection }: NoEnginePageProps) {
  const where = engine.address === null ? 'this computer' : <bdi>{engine.address}</bdi>;
  if (engine.failure !== null) return <bdi>{engine.failure}</bdi>;
  if (connection === 'signed-out') return <>{where} refused it. Enter its web token below, under Engine.</>;
  if (connection === 'open') {
    return (
      <>
        {where} lets this program in and says nothing that it understands. It may be busy, or of another version: this
        is epicstar <bdi>{version}</bdi>.
      </>
    );
  }
  return <>{where} is asked again and again by itself. Is epicstar running there? Is the address below right?</>;
}

function useIsLate(): boolean {
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setIsLate(true), patienceMs);
    return () => window.clearTimeout(timer);
  }, []);
  return isLate;
}
