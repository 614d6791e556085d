/** @file The desktop program that this window belongs to, if it is not a page of a server. */
import { useEffect, useState } from 'react';
import type { DesktopView } from '../../src-preload/contract/desktop-views.ts';
import { useClient } from './client-context.tsx';

/** Null in a browser, and before the first answer. There whatever the connection to the engine is. */
export function useDesktop(): DesktopView | null {
  const client = useClient();
  const [desktop, setDesktop] = useState<DesktopView | null>(null);
  useEffect(() => (client.reachesDesktop ? client.listen('desktop', setDesktop) : undefined), [client]);
  return desktop;
}

/** Looks again whenever the person comes back: they may have been to the system's settings, or unlocked a keyring. */
export function useFreshDesktop(): DesktopView | null {
  const client = useClient();
  useEffect(() => {
    if (!client.reachesDesktop) return undefined;
    // What it is like now is told to all that listen.
    const lookAgain = (): void => void client.call('desktop.get').catch(() => undefined);
    window.addEventListener('focus', lookAgain);
    return () => window.removeEventListener('focus', lookAgain);
  }, [client]);
  return useDesktop();
}
