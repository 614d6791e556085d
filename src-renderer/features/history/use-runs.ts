/**
 * @file Runs that match a filter, newest first, page by page. Runs that end meanwhile are counted and come in when
 * they are asked for: what is being read does not move.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Client } from '../../../src-preload/contract/client.ts';
import { CallError } from '../../../src-preload/contract/messages.ts';
import { useClient, useConnection } from '../../connection/client-context.tsx';
import { startOfDay } from '../../ui/days.ts';
import { type ReadRuns, readNextPage } from './read-page.ts';
import { type RunFilter, type RunQuery, toQuery } from './run-filter.ts';

export interface LoadedRuns extends ReadRuns {
  /** All of the last day that was begun; null where the rows themselves tell. */
  readonly lastDayTotal: number | null;
  readonly query: RunQuery;
}

export interface Runs {
  /** Null before the first answer. */
  readonly loaded: LoadedRuns | null;
  /** False while another filter is being read. */
  readonly isCurrent: boolean;
  readonly isLoadingMore: boolean;
  readonly failure: string | null;
  /** Matching runs that ended since. */
  readonly newer: number;
  readonly loadMore: () => void;
  readonly reload: () => void;
}

const pageRows = 100;
/** However many runs end, the newer ones are counted at most this often. */
const countEveryMs = 1_000;

/** The next page after what is loaded; the first where nothing is. */
async function loadPage(client: Client, query: RunQuery, before: LoadedRuns | null): Promise<LoadedRuns> {
  const read = await readNextPage(client, query, before, pageRows);
  const last = read.runs.at(-1);
  const lastDayTotal =
    last === undefined || read.runs.length >= read.total ? null : await countDay(client, query, last.finishedAt);
  return { ...read, lastDayTotal, query };
}

async function countDay(client: Client, query: RunQuery, at: number): Promise<number> {
  const { total } = await client.call('runs.list', {
    ...query,
    since: startOfDay(at),
    until: startOfDay(at, -1),
    limit: 1,
  });
  return total;
}

function describe(error: unknown): string | null {
  if (error instanceof CallError && error.name === 'disconnected') return null;
  return error instanceof Error ? error.message : String(error);
}

export function useRuns(filter: RunFilter): Runs {
  const client = useClient();
  const isOpen = useConnection() === 'open';
  const [answer, setAnswer] = useState<{ readonly version: string; readonly loaded: LoadedRuns } | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [isLoadingMore, setIsLoadingMore] = useState(false);
  const [reloads, setReloads] = useState(0);
  const version = `${reloads} ${JSON.stringify(filter)}`;
  const isCurrent = answer?.version === version;
  const loaded = answer?.loaded ?? null;

  useEffect(() => {
    // What was read stays over a lost connection: it may be in the middle of being read.
    if (!isOpen || isCurrent) return undefined;
    let isOver = false;
    loadPage(client, toQuery(filter, Date.now()), null).then(
      (first) => {
        if (isOver) return;
        setAnswer({ version, loaded: first });
        setFailure(null);
      },
      (error: unknown) => {
        if (!isOver) setFailure(describe(error));
      },
    );
    return () => {
      isOver = true;
    };
  }, [client, isOpen, isCurrent, filter, version]);

  const isReading = useRef(false);
  const loadMore = useCallback(() => {
    if (answer === null || isReading.current || answer.loaded.runs.length >= answer.loaded.total) return;
    isReading.current = true;
    setIsLoadingMore(true);
    const read = async (): Promise<void> => {
      try {
        const next = await loadPage(client, answer.loaded.query, answer.loaded);
        setAnswer((now) => (now?.version === answer.version ? { version: answer.version, loaded: next } : now));
        setFailure(null);
      } catch (error) {
        setFailure(describe(error));
      } finally {
        isReading.current = false;
        setIsLoadingMore(false);
      }
    };
    void read();
  }, [client, answer]);

  const reload = useCallback(() => {
    setFailure(null);
    setReloads((count) => count + 1);
  }, []);
  const newer = useNewer(loaded, isOpen && isCurrent, reload);
  return { loaded, isCurrent, isLoadingMore, failure, newer, loadMore, reload };
}

/** Counts what ended since; a list that was empty is read again instead. */
function useNewer(loaded: LoadedRuns | null, isOn: boolean, reload: () => void): number {
  const client = useClient();
  const [counted, setCounted] = useState<{ readonly of: RunQuery; readonly newer: number } | null>(null);
  const query = loaded?.query ?? null;
  const total = loaded?.total ?? 0;

  useEffect(() => {
    if (!isOn || query === null) return undefined;
    let isOver = false;
    let timer: number | null = null;
    const count = async (): Promise<void> => {
      timer = null;
      try {
        const now = await client.call('runs.list', { ...query, limit: 1 });
        if (isOver) return;
        const newer = Math.max(0, now.total - total);
        if (total === 0 && newer > 0) reload();
        else setCounted({ of: query, newer });
      } catch {
        // Counted again with the next run that ends.
        if (!isOver) setCounted(null);
      }
    };
    // Some may have ended between the reading and the listening, or while there was no connection.
    timer = window.setTimeout(() => void count(), 0);
    const stop = client.listen('run', () => {
      timer ??= window.setTimeout(() => void count(), countEveryMs);
    });
    return () => {
      isOver = true;
      stop();
      if (timer !== null) window.clearTimeout(timer);
    };
  }, [client, isOn, query, total, reload]);

  return counted !== null && counted.of === query ? counted.newer : 0;
}
