/** @file One repository, read again whenever its row may have changed. */
import { useEffect, useState } from 'react';
import { CallError } from '../../../src-preload/contract/messages.ts';
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import { useClient, useConnection } from '../../connection/client-context.tsx';

export interface RepositoryReading {
  /** Undefined: on its way; null: no repository of this id is known. */
  readonly repository: RepositoryView | null | undefined;
  readonly failure: string | null;
  /** Grows whenever it may have changed. */
  readonly changes: number;
}

/** However often it changes, it is read at most this often. */
const readEveryMs = 1_000;

/** @param known what the list has of it, to begin with */
export function useRepository(githubId: number, known: RepositoryView | undefined): RepositoryReading {
  const client = useClient();
  const connection = useConnection();
  const [answer, setAnswer] = useState<Omit<RepositoryReading, 'changes'>>({ repository: known, failure: null });
  const [changes, setChanges] = useState(0);

  useEffect(() => {
    if (connection !== 'open') return undefined;
    let isOver = false;
    let timer: number | null = null;
    let readAtMs = Number.NEGATIVE_INFINITY;
    const read = async (): Promise<void> => {
      timer = null;
      readAtMs = performance.now();
      try {
        const repository = await client.call('repositories.get', { githubId });
        if (!isOver) setAnswer({ repository, failure: null });
      } catch (error) {
        if (isOver || (error instanceof CallError && error.name === 'disconnected')) return;
        const failure = error instanceof Error ? error.message : String(error);
        setAnswer(({ repository }) => ({ repository, failure }));
      }
    };
    const readSoon = (): void => {
      const waitMs = Math.max(0, readAtMs + readEveryMs - performance.now());
      timer ??= window.setTimeout(() => {
        setChanges((count) => count + 1);
        void read();
      }, waitMs);
    };
    void read();
    const stop = client.listen('repositories', ({ githubIds }) => {
      if (githubIds.length === 0 || githubIds.includes(githubId)) readSoon();
    });
    return () => {
      isOver = true;
      stop();
      if (timer !== null) window.clearTimeout(timer);
    };
  }, [client, connection, githubId]);
  return { ...answer, changes };
}
