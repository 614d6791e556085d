/** @file The settings as they are in force, read once for what a form starts from. */
import { useEffect, useState } from 'react';
import type { SettingView } from '../../../src-preload/contract/setup-views.ts';
import { useClient, useConnection } from '../../connection/client-context.tsx';

/** Null until they are known; none where they cannot be read: then a form starts empty. */
export function useSettings(): readonly SettingView[] | null {
  const client = useClient();
  const connection = useConnection();
  const [settings, setSettings] = useState<readonly SettingView[] | null>(null);
  useEffect(() => {
    if (connection !== 'open') return undefined;
    let isOver = false;
    client.call('settings.list').then(
      (list) => !isOver && setSettings(list),
      () => !isOver && setSettings((known) => known ?? []),
    );
    return () => {
      isOver = true;
    };
  }, [client, connection]);
  return settings;
}
