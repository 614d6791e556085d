/** @file What there is to choose from, with counts; read only while somebody looks. */
import { useEffect, useState } from 'react';
import type { FacetsView } from '../../../src-preload/contract/list-views.ts';
import { CallError } from '../../../src-preload/contract/messages.ts';
import { useClient, useConnection } from '../../connection/client-context.tsx';
import type { Filter } from './filter.ts';

export interface Facets {
  /** Null before the first answer. */
  readonly facets: FacetsView | null;
  readonly failure: string | null;
}

export function useFacets(filter: Filter): Facets {
  const client = useClient();
  const connection = useConnection();
  const [answer, setAnswer] = useState<Facets>({ facets: null, failure: null });
  useEffect(() => {
    if (connection !== 'open') return undefined;
    let isOver = false;
    client.call('repositories.facets', filter).then(
      (facets) => {
        if (!isOver) setAnswer({ facets, failure: null });
      },
      (error: unknown) => {
        if (isOver || (error instanceof CallError && error.name === 'disconnected')) return;
        const failure = error instanceof Error ? error.message : String(error);
        setAnswer(({ facets }) => ({ facets, failure }));
      },
    );
    return () => {
      isOver = true;
    };
  }, [client, connection, filter]);
  return answer;
}
