/** @file The first rows of a list that the engine keeps, read again whenever it may have changed. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { CallError } from '../../src-preload/contract/messages.ts';
import { useConnection } from './client-context.tsx';

export interface Rows<T> {
  readonly items: readonly T[];
  readonly total: number;
}

export interface Listing<T> {
  /** Null before the first answer. */
  readonly rows: Rows<T> | null;
  /** False while something newer is being read. */
  readonly isCurrent: boolean;
  /** Why the last reading failed; null after one that succeeded. */
  readonly failure: string | null;
  /** Null when there are no more, or no more fit. */
  readonly showMore: (() => void) | null;
  readonly reload: () => void;
}

const step = 20;
const maxRows = 200;
/** However often something changes, the list is read at most this often. */
const minReloadMs = 1_000;

/**
 * @param load reads that many rows; has to be the same function as long as it reads the same list
 * @param trigger the list is read again when this value changes
 */
export function useListing<T>(load: (limit: number) => Promise<Rows<T>>, trigger: string | number): Listing<T> {
  const connection = useConnection();
  const [limit, setLimit] = useState(step);
  const [answer, setAnswer] = useState<{ readonly version: string; readonly rows: Rows<T> } | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [reloads, setReloads] = useState(0);
  const wish = `${reloads} ${limit}`;
  const version = `${trigger} ${wish}`;
  const lastRead = useRef({ atMs: Number.NEGATIVE_INFINITY, wish });

  useEffect(() => {
    if (connection !== 'open') return undefined;
    let isOver = false;
    const read = async (): Promise<void> => {
      lastRead.current = { atMs: performance.now(), wish };
      try {
        const rows = await load(limit);
        if (isOver) return;
        setAnswer({ version, rows });
        setFailure(null);
      } catch (error) {
        if (isOver || (error instanceof CallError && error.name === 'disconnected')) return;
        setFailure(error instanceof Error ? error.message : String(error));
      }
    };
    // What a person asked for is read at once.
    const { atMs, wish: lastWish } = lastRead.current;
    const waitMs = lastWish === wish ? Math.max(0, atMs + minReloadMs - performance.now()) : 0;
    const timer = window.setTimeout(() => void read(), waitMs);
    return () => {
      isOver = true;
      window.clearTimeout(timer);
    };
  }, [connection, load, limit, version, wish]);

  const reload = useCallback(() => setReloads((count) => count + 1), []);
  const showMore = useCallback(() => setLimit((now) => Math.min(maxRows, now + step)), []);
  const rows = answer?.rows ?? null;
  const hasMore = rows !== null && rows.items.length < rows.total && limit < maxRows;
  return { rows, isCurrent: answer?.version === version, failure, reload, showMore: hasMore ? showMore : null };
}
