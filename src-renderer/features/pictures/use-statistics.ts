/** @file All numbers of the page, read together, and again when something changed, once in ten seconds at most. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { StatisticsView } from '../../../src-preload/contract/list-views.ts';
import { CallError } from '../../../src-preload/contract/messages.ts';
import type { CallAnswer } from '../../../src-preload/contract/schema.ts';
import type { RepositoryView } from '../../../src-preload/contract/views.ts';
import { useClient, useConnection, useNow } from '../../connection/client-context.tsx';
import { lastDays, startOfDay } from '../../ui/days.ts';
import { type StarBounds, starBounds } from './bounds.ts';

export interface Numbers {
  readonly statistics: StatisticsView;
  readonly days: readonly number[];
  /** Null: there is no star yet. */
  readonly stars: (StarBounds & { readonly firstAt: number }) | null;
  readonly newest: readonly RepositoryView[];
  /** Gone from the list, and mirrored. */
  readonly keptGone: number;
  /** What mirrors keep although upstream rewrote or deleted it. */
  readonly oldTips: CallAnswer<'kept.totals'>;
}

export interface NumbersReading {
  /** Null before the first answer. */
  readonly numbers: Numbers | null;
  readonly failure: string | null;
  readonly reload: () => void;
}

export const daysShown = 35;
const newestShown = 8;
const refreshEveryMs = 10_000;

type Client = ReturnType<typeof useClient>;

/** @param today start of the last day that is shown */
async function readNumbers(client: Client, today: number): Promise<Numbers> {
  const days = lastDays(today, daysShown);
  const [first, newest, keptGone, oldTips] = await Promise.all([
    client.call('repositories.list', { order: 'starred', descending: false, isAbsent: false, limit: 1 }),
    client.call('repositories.list', { order: 'starred', descending: true, limit: newestShown }),
    client.call('repositories.list', { isAbsent: true, states: ['mirrored'], limit: 1 }),
    client.call('kept.totals'),
  ]);
  const firstAt = first.items[0]?.starredAt ?? null;
  const stars = firstAt === null ? null : { ...starBounds(firstAt, Math.max(Date.now(), today)), firstAt };
  const statistics = await client.call('statistics.get', { days, starBounds: stars?.starts ?? [] });
  return { statistics, days, stars, newest: newest.items, keptGone: keptGone.total, oldTips };
}

export function useNumbers(): NumbersReading {
  const client = useClient();
  const isOpen = useConnection() === 'open';
  const today = startOfDay(useNow());
  const [numbers, setNumbers] = useState<Numbers | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const readAtMs = useRef(Number.NEGATIVE_INFINITY);
  const readNow = useRef((): void => undefined);

  useEffect(() => {
    if (!isOpen) return undefined;
    let isOver = false;
    let timer: number | null = null;
    const read = async (): Promise<void> => {
      timer = null;
      readAtMs.current = performance.now();
      try {
        const next = await readNumbers(client, today);
        if (isOver) return;
        setNumbers(next);
        setFailure(null);
      } catch (error) {
        if (isOver || (error instanceof CallError && error.name === 'disconnected')) return;
        setFailure(error instanceof Error ? error.message : String(error));
      }
    };
    const readSoon = (): void => {
      const waitMs = Math.max(0, readAtMs.current + refreshEveryMs - performance.now());
      timer ??= window.setTimeout(() => void read(), waitMs);
    };
    readNow.current = () => void read();
    void read();
    const stops = [client.listen('run', readSoon), client.listen('repositories', readSoon)];
    return () => {
      isOver = true;
      stops.forEach((stop) => stop());
      if (timer !== null) window.clearTimeout(timer);
    };
  }, [client, isOpen, today]);

  const reload = useCallback(() => readNow.current(), []);
  return { numbers, failure, reload };
}
