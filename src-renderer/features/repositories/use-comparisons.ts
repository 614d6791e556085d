/** @file Comparing both ends of many mirrors, one after another, until it is stopped or the page is left. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Client } from '../../../src-preload/contract/client.ts';
import { CallError } from '../../../src-preload/contract/messages.ts';
import type { CallAnswer } from '../../../src-preload/contract/schema.ts';
import { useClient } from '../../connection/client-context.tsx';

export type Comparison = CallAnswer<'repositories.verify'>;

export interface Comparisons {
  readonly total: number;
  readonly results: readonly Comparison[];
  readonly state: 'running' | 'over' | 'stopped' | 'disconnected';
}

export interface ComparisonsControl {
  /** Null: nothing was asked for. */
  readonly comparisons: Comparisons | null;
  readonly start: (githubIds: readonly number[]) => void;
  /** What is under way is still finished by the engine; nothing follows it. */
  readonly stop: () => void;
  readonly forget: () => void;
}

/** Rejects only when the connection is lost. */
async function compare(client: Client, githubId: number): Promise<Comparison> {
  try {
    return await client.call('repositories.verify', { githubId });
  } catch (error) {
    if (!(error instanceof CallError) || error.name === 'disconnected') throw error;
    const row = await client.call('repositories.get', { githubId });
    const blank = { githubId, fullName: row?.fullName ?? String(githubId), refCount: 0, differences: [], unfitRefs: 0 };
    return { ...blank, state: 'failed', message: error.error?.message ?? error.message };
  }
}

export function useComparisons(): ComparisonsControl {
  const client = useClient();
  const [comparisons, setComparisons] = useState<Comparisons | null>(null);
  const current = useRef<symbol | null>(null);
  useEffect(
    () => () => {
      current.current = null;
    },
    [],
  );

  const start = useCallback(
    (githubIds: readonly number[]) => {
      const own = Symbol('comparisons');
      current.current = own;
      const total = githubIds.length;
      const run = async (): Promise<void> => {
        const results: Comparison[] = [];
        const tell = (state: Comparisons['state']): void => {
          if (current.current === own) setComparisons({ total, results: [...results], state });
        };
        tell('running');
        try {
          for (const githubId of githubIds) {
            if (current.current !== own) return;
            results.push(await compare(client, githubId));
            tell('running');
          }
          tell('over');
        } catch {
          tell('disconnected');
        }
      };
      void run();
    },
    [client],
  );

  const stop = useCallback(() => {
    current.current = null;
    setComparisons((now) => (now === null || now.state !== 'running' ? now : { ...now, state: 'stopped' }));
  }, []);
  const forget = useCallback(() => {
    current.current = null;
    setComparisons(null);
  }, []);
  return { comparisons, start, stop, forget };
}
