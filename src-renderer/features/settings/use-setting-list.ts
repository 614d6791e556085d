/** @file The settings as they are in force, read anew with each connection and each change of set-up. */
import { useCallback, useEffect, useState } from 'react';
import type { SettingView } from '../../../src-preload/contract/setup-views.ts';
import { useClient } from '../../connection/client-context.tsx';
import { readFailure } from '../../connection/read-failure.ts';
import { inOrder } from './setting-texts.ts';

export interface SettingList {
  /** Null: not known yet. Stays while there is no connection. */
  readonly settings: readonly SettingView[] | null;
  /** Why they could not be read. */
  readonly failure: string | null;
  /** Never rejects: a failure is told by the list. */
  readonly read: () => Promise<void>;
}

export function useSettingList(): SettingList {
  const client = useClient();
  const [settings, setSettings] = useState<readonly SettingView[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  const read = useCallback(async () => {
    try {
      const list = await client.call('settings.list');
      setSettings(inOrder(list));
      setFailure(null);
    } catch (thrown) {
      setFailure(readFailure(thrown));
    }
  }, [client]);

  useEffect(() => client.listen('setup', () => void read()), [client, read]);
  return { settings, failure, read };
}
