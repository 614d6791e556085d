/** @file All stars in one table. */
interface RepositoriesPageProps {
  /** False: there is no connection, and nothing can be pressed. */
  readonly isLive: boolean;
  /** The repository whose details are open; null or unknown: none. */
  readonly openId: number | null;
}

export function RepositoriesPage({ isLive, openId }: RepositoriesPageProps) {
  return <main className={isLive ? 'page' : 'page page-old'} aria-label="Repositories" data-open={openId} />;
}
