/** @file The rules that are stored, for an editor to start from. */
import { useCallback, useEffect, useState } from 'react';
import type { SelectionRulesView } from '../../../src-preload/contract/setup-views.ts';
import { useClient, useConnection } from '../../connection/client-context.tsx';
import { readFailure } from '../../connection/read-failure.ts';

export interface StoredRules {
  /** Why they could not be read. */
  readonly failure: string | null;
  readonly reload: () => void;
}

/** Reads them once, unless there are some already. */
export function useStoredRules(isNeeded: boolean, onRules: (rules: SelectionRulesView) => void): StoredRules {
  const client = useClient();
  const connection = useConnection();
  const [failure, setFailure] = useState<string | null>(null);
  const reload = useCallback(() => {
    client.call('selection.get').then(
      (rules) => {
        setFailure(null);
        onRules(rules);
      },
      (error: unknown) => setFailure(readFailure(error)),
    );
  }, [client, onRules]);
  useEffect(() => {
    if (isNeeded && connection === 'open') reload();
  }, [connection, isNeeded, reload]);
  return { failure, reload };
}
