/** @file What a person said of some repositories, read one after the other. */
import { useEffect, useRef, useState } from 'react';
import { useClient, useConnection } from '../../connection/client-context.tsx';
import type { Choice } from './exception-rows.tsx';

/** By id; what is not in it is not known yet. */
export function useChoices(githubIds: readonly number[]): ReadonlyMap<number, Choice> {
  const client = useClient();
  const connection = useConnection();
  const [choices, setChoices] = useState<ReadonlyMap<number, Choice>>(new Map());
  const known = useRef(new Map<number, Choice>());
  const key = githubIds.join(' ');
  useEffect(() => {
    if (connection !== 'open' || key === '') return undefined;
    let isOver = false;
    const read = async (): Promise<void> => {
      for (const githubId of key.split(' ').map(Number)) {
        if (isOver) return;
        if (known.current.has(githubId)) continue;
        const row = await client.call('repositories.get', { githubId });
        if (row === null) continue;
        known.current.set(githubId, row.choice);
        setChoices(new Map(known.current));
      }
    };
    // What stays unknown is shown as such, and read again with the next list.
    read().catch(() => undefined);
    return () => {
      isOver = true;
    };
  }, [client, connection, key]);
  return choices;
}
