/** @file What one repository has beside branches and tags, read again whenever its row may have changed. */
import { useCallback, useEffect, useState } from 'react';
import type { ExtrasView } from '../../../src-preload/contract/extras-calls.ts';
import { useClient, useConnection } from '../../connection/client-context.tsx';

export interface ExtrasReading {
  /** Null while it is not known: then nothing is shown of it. */
  readonly extras: ExtrasView | null;
  readonly reload: () => void;
}

interface Read {
  readonly githubId: number;
  /** Of several answers the one that was asked for last holds. */
  readonly turn: number;
  readonly extras: ExtrasView;
}

/** @param changes grows whenever it may have changed */
export function useExtras(githubId: number, changes: number): ExtrasReading {
  const client = useClient();
  const connection = useConnection();
  const [read, setRead] = useState<Read | null>(null);
  const [asked, setAsked] = useState(0);
  const turn = changes + asked;
  const reload = useCallback(() => setAsked((count) => count + 1), []);
  useEffect(() => {
    if (connection !== 'open') return undefined;
    let isOver = false;
    client.call('extras.get', { githubId }).then(
      (extras) => {
        if (!isOver) setRead({ githubId, turn, extras });
      },
      // The details themselves say that the connection is gone, and what was read stays to be seen.
      () => undefined,
    );
    return () => {
      isOver = true;
    };
  }, [client, connection, githubId, turn]);
  return { extras: read?.githubId === githubId ? read.extras : null, reload };
}
