/** @file Starred repositories that have some words, as a person types them. */
import { useEffect, useState } from 'react';
import { formatBytes } from '../../../src-preload/contract/words.ts';
import { useClient, useConnection } from '../../connection/client-context.tsx';
import { readFailure } from '../../connection/read-failure.ts';
import type { ExceptionRow } from './exception-rows.tsx';
import { bytesOf } from './rules.ts';

const debounceMs = 150;
const rowsShown = 8;

interface Found {
  /** Null: not known yet. */
  readonly rows: readonly ExceptionRow[] | null;
  readonly failure: { readonly message: string; readonly nextStep: string | null } | null;
}

/** An empty text finds nothing. */
export function useFound(text: string): Found {
  const client = useClient();
  const connection = useConnection();
  const [answer, setAnswer] = useState<Found | null>(null);
  useEffect(() => {
    if (text === '' || connection !== 'open') return undefined;
    let isOver = false;
    const ask = async (): Promise<void> => {
      try {
        const { items } = await client.call('repositories.list', { text, isAbsent: false, limit: rowsShown });
        const rows = items.map(({ githubId, fullName, sizeKb, choice, selectionReason }) => ({
          githubId,
          fullName,
          choice,
          words: `about ${formatBytes(bytesOf(sizeKb))}, ${selectionReason}`,
        }));
        if (!isOver) setAnswer({ rows, failure: null });
      } catch (error) {
        const message = readFailure(error);
        if (!isOver && message !== null) setAnswer({ rows: null, failure: { message, nextStep: null } });
      }
    };
    const timer = window.setTimeout(() => void ask(), debounceMs);
    return () => {
      isOver = true;
      window.clearTimeout(timer);
    };
  }, [client, connection, text]);
  // What was found for other words stays until the answer is here, so that nothing flickers while one types.
  return text === '' || answer === null ? { rows: null, failure: null } : answer;
}
