/** @file The rows of the list as the page shows them, kept up with what the engine says and with the connection. */
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useClient, useConnection } from '../../connection/client-context.tsx';
import type { ListView } from './list-view.ts';
import { RowPages, type Rows } from './row-pages.ts';

export interface RowList {
  readonly pages: RowPages;
  readonly rows: Rows;
}

function setTimer(delayMs: number, fire: () => void): () => void {
  const timer = window.setTimeout(fire, delayMs);
  return () => window.clearTimeout(timer);
}

/** @param view the same object as long as the same list is wanted */
export function useRowPages(view: ListView): RowList {
  const client = useClient();
  const connection = useConnection();
  const [pages] = useState(
    () =>
      new RowPages({
        read: ({ filter, order, descending }, offset, limit) =>
          client.call('repositories.list', { ...filter, order, descending, offset, limit }),
        monotonicMs: () => performance.now(),
        setTimer,
      }),
  );
  const rows = useSyncExternalStore(pages.subscribe, pages.rows);
  useEffect(() => pages.ask(view), [pages, view]);
  useEffect(() => client.listen('repositories', () => pages.refresh()), [client, pages]);
  useEffect(() => {
    // What happened while there was no connection nobody told.
    if (connection === 'open') pages.refreshNow();
  }, [connection, pages]);
  useEffect(() => () => pages.close(), [pages]);
  return { pages, rows };
}
