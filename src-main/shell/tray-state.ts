/** @file What the tray is made of, kept up to date by the shell's client of the contract. */
import type { Client, ConnectionStatus } from '../../src-preload/contract/client.ts';
import type { OverviewView, RunView } from '../../src-preload/contract/views.ts';

export interface TrayState {
  readonly connection: ConnectionStatus;
  /** Null while the engine is not reached. */
  readonly overview: OverviewView | null;
  /** Newest first. */
  readonly runs: readonly RunView[];
}

const keptRuns = 20;

/**
 * Calls at once and on each change.
 *
 * @returns ends it
 */
export function watchTrayState(
  client: Pick<Client, 'call' | 'listen' | 'onStatus'>,
  options: { readonly onChange: (state: TrayState) => void; readonly onFault: (error: unknown) => void },
): () => void {
  let state: TrayState = { connection: 'connecting', overview: null, runs: [] };
  let isOver = false;
  const change = (part: Partial<TrayState>): void => {
    if (isOver) return;
    state = { ...state, ...part };
    options.onChange(state);
  };
  const readRuns = async (): Promise<void> => {
    const { items } = await client.call('runs.list', { limit: keptRuns });
    // Some may have ended while these were read.
    const newer = state.runs.filter(({ id }) => items.every((run) => run.id < id));
    change({ runs: [...newer, ...items].slice(0, keptRuns) });
  };
  const stops = [
    client.onStatus((connection) => {
      // What an engine said that is not reached any more may be wrong by now.
      change(connection === 'open' ? { connection } : { connection, overview: null });
      if (connection === 'open') readRuns().catch(options.onFault);
    }),
    client.listen('overview', (overview) => change({ overview })),
    client.listen('run', ({ run, skipped }) => {
      if (skipped > 0) readRuns().catch(options.onFault);
      else change({ runs: [run, ...state.runs.filter(({ id }) => id !== run.id)].slice(0, keptRuns) });
    }),
  ];
  return () => {
    isOver = true;
    stops.forEach((stop) => stop());
  };
}
