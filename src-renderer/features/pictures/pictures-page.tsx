/** @file Figures over time as pictures. */
interface PicturesPageProps {
  /** False: there is no connection, and nothing can be pressed. */
  readonly isLive: boolean;
}

export function PicturesPage({ isLive }: PicturesPageProps) {
  return <main className={isLive ? 'page' : 'page page-old'} aria-label="Overview" />;
}
