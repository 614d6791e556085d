/** @file Which repositories are chosen for an action. Empty again whenever another list is shown. */
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useClient } from '../../connection/client-context.tsx';
import type { Filter } from './filter.ts';
import type { ListView } from './list-view.ts';
import { rowAt } from './row-pages.ts';
import type { RowList } from './use-row-pages.ts';

export interface Selection {
  readonly ids: ReadonlySet<number>;
  readonly toggle: (index: number) => void;
  /** From the row that was toggled last to this one. */
  readonly extendTo: (index: number) => void;
  /** All that match, on this page or not; rejects when they cannot be read. */
  readonly selectAll: () => Promise<void>;
  readonly clear: () => void;
}

const nothing: ReadonlySet<number> = new Set();

interface Chosen {
  /** The filter that they were chosen under. */
  readonly filter: Filter;
  readonly ids: ReadonlySet<number>;
}

interface Anchor {
  readonly index: number;
  /** The list that the index belongs to. */
  readonly view: ListView | null;
  /** What was chosen beside the range that starts here. */
  readonly others: ReadonlySet<number>;
}

export function useSelection({ pages }: RowList, filter: Filter): Selection {
  const client = useClient();
  const [chosen, setChosen] = useState<Chosen>({ filter, ids: nothing });
  const ids = chosen.filter === filter ? chosen.ids : nothing;
  const latest = useRef({ filter, ids });
  useLayoutEffect(() => {
    latest.current = { filter, ids };
  });
  const anchor = useRef<Anchor | null>(null);
  const extensions = useRef(0);

  const set = useCallback((of: Filter, next: ReadonlySet<number>) => setChosen({ filter: of, ids: next }), []);

  const toggle = useCallback(
    (index: number) => {
      const id = rowAt(pages.rows(), index)?.githubId;
      if (id === undefined) return;
      const next = new Set(latest.current.ids);
      if (!next.delete(id)) next.add(id);
      anchor.current = { index, view: pages.rows().view, others: new Set([...next].filter((one) => one !== id)) };
      set(latest.current.filter, next);
    },
    [pages, set],
  );

  const extendTo = useCallback(
    (index: number) => {
      const { view } = pages.rows();
      const kept = anchor.current?.view === view ? anchor.current : null;
      const { index: from, others } = (anchor.current = kept ?? { index, view, others: latest.current.ids });
      const of = latest.current.filter;
      const extension = (extensions.current += 1);
      const extend = async (): Promise<void> => {
        const range = await pages.idsBetween(Math.min(from, index), Math.max(from, index));
        if (range !== null && extension === extensions.current && latest.current.filter === of)
          set(of, new Set([...others, ...range]));
      };
      void extend();
    },
    [pages, set],
  );

  const selectAll = useCallback(async () => {
    const { filter: of } = latest.current;
    const { githubIds } = await client.call('repositories.ids', of);
    anchor.current = null;
    if (latest.current.filter === of) set(of, new Set(githubIds));
  }, [client, set]);

  const clear = useCallback(() => {
    anchor.current = null;
    extensions.current += 1;
    set(latest.current.filter, nothing);
  }, [set]);

  return useMemo(() => ({ ids, toggle, extendTo, selectAll, clear }), [ids, toggle, extendTo, selectAll, clear]);
}
