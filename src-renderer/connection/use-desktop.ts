/** @file The desktop program that this window belongs to, if it is not a page of a server. */
import { useEffect, useState } from 'react';
import type { DesktopView } from '../../src-preload/contract/desktop-views.ts';
import { useClient } from './client-context.tsx';

/** Null in a browser, and before the first answer. There whatever the connection to the engine is. */
export function useDesktop(): DesktopView | null {
  const client = useClient();
  const [desktop, setDesktop] = useState<DesktopView | null>(null);
  useEffect(() => {
    if (!client.reachesDesktop) return undefined;
    const stop = client.listen('desktop', setDesktop);
    // Meanwhile the person may have been to the settings of the system, or unlocked a keyring.
    const lookAgain = (): void => {
      client.call('desktop.get').then(setDesktop, () => undefined);
    };
    window.addEventListener('focus', lookAgain);
    return () => {
      window.removeEventListener('focus', lookAgain);
      stop();
    };
  }, [client]);
  return desktop;
}
