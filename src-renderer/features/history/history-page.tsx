/** @file What was done, by day. */
interface HistoryPageProps {
  /** False: there is no connection, and nothing can be pressed. */
  readonly isLive: boolean;
}

export function HistoryPage({ isLive }: HistoryPageProps) {
  return <main className={isLive ? 'page' : 'page page-old'} aria-label="History" />;
}
