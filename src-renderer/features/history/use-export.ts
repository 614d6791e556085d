/** @file Export of what a filter shows: reads all of it, page by page, and hands it over as a file. */
import { useCallback, useRef, useState } from 'react';
import { CallError } from '../../../src-preload/contract/messages.ts';
import { useClient } from '../../connection/client-context.tsx';
import { dayStamp } from '../../ui/days.ts';
import { saveFile } from '../../ui/save-file.ts';
import { type ExportFormat, exportText } from './export-text.ts';
import { type ReadRuns, readNextPage } from './read-page.ts';
import { type RunFilter, toQuery } from './run-filter.ts';

export const mostRuns = 50_000;
const pageRows = 200;
/** Twice as many as it takes: some may be read again while runs end. */
const mostPages = (2 * mostRuns) / pageRows;
const nothing: ReadRuns = { runs: [], total: 0, newer: 0 };

export type ExportState =
  | { readonly kind: 'reading'; readonly format: ExportFormat; readonly read: number; readonly total: number | null }
  | { readonly kind: 'done'; readonly fileName: string; readonly written: number; readonly matching: number }
  | { readonly kind: 'failed'; readonly reason: string };

export interface Export {
  /** Null: none was begun, or the last one was put away. */
  readonly state: ExportState | null;
  readonly start: (format: ExportFormat, filter: RunFilter) => void;
  /** Ends one that is under way, without a file, and puts away what is told of the last one. */
  readonly close: () => void;
}

const mimeTypes: Readonly<Record<ExportFormat, string>> = { csv: 'text/csv', json: 'application/json' };

export function useExport(): Export {
  const client = useClient();
  const [state, setState] = useState<ExportState | null>(null);
  const current = useRef(0);

  const close = useCallback(() => {
    current.current += 1;
    setState(null);
  }, []);

  const start = useCallback(
    (format: ExportFormat, filter: RunFilter) => {
      current.current += 1;
      const own = current.current;
      const tell = (next: ExportState): boolean => {
        if (current.current !== own) return false;
        setState(next);
        return true;
      };
      const write = async (): Promise<void> => {
        const now = Date.now();
        const query = toQuery(filter, now);
        let read = nothing;
        for (let pages = 0; pages < mostPages; pages += 1) {
          const limit = Math.min(pageRows, mostRuns - read.runs.length);
          read = await readNextPage(client, query, pages === 0 ? null : read, limit);
          const { runs, total } = read;
          if (!tell({ kind: 'reading', format, read: runs.length, total: Math.min(total, mostRuns) })) return;
          if (runs.length >= Math.min(total, mostRuns)) break;
        }
        const { runs, total } = read;
        const fileName = `epicstar-history-${dayStamp(now)}.${format}`;
        saveFile(fileName, mimeTypes[format], exportText(format, runs));
        tell({ kind: 'done', fileName, written: runs.length, matching: total });
      };
      setState({ kind: 'reading', format, read: 0, total: null });
      write().catch((error: unknown) => {
        const reason = error instanceof CallError || error instanceof Error ? error.message : String(error);
        tell({ kind: 'failed', reason });
      });
    },
    [client],
  );
  return { state, start, close };
}
