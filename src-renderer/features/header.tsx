/** @file Name of the product, and from where to where it mirrors. */
import { Link, useLocation } from 'wouter';
import type { OverviewView } from '../../src-preload/contract/views.ts';
import { Icon } from '../ui/icon.tsx';
import { ExternalLink } from '../ui/pieces.tsx';

/** `https://onedev.example.org/` -> `onedev.example.org`; a path stays as it is. */
function shortAddress(address: string): string {
  return address.replace(/^https?:\/\//, '').replace(/\/+$/, '');
}

const pages = [
  { path: '/', label: 'Activity' },
  { path: '/repositories', label: 'Repositories' },
  { path: '/history', label: 'History' },
  { path: '/rescued', label: 'Rescued' },
  { path: '/overview', label: 'Overview' },
  { path: '/settings', label: 'Settings' },
] as const;

interface HeaderProps {
  readonly overview: OverviewView | null;
  /** False while there is nothing to go to: not connected yet, or still to be set up. */
  readonly hasPages: boolean;
}

export function Header({ overview, hasPages }: HeaderProps) {
  return (
    <header className="header">
      <div className="header-inner">
        <span className="brand">
          <span className="brand-mark">
            <Icon name="star" />
          </span>
          epicstar
        </span>
        {hasPages && <Navigation />}
        {overview !== null && hasPages && <Route overview={overview} />}
      </div>
    </header>
  );
}

function Navigation() {
  const [location] = useLocation();
  return (
    <nav className="nav" aria-label="Pages">
      {pages.map(({ path, label }) => {
        const isHere = path === '/' ? location === '/' : location === path || location.startsWith(`${path}/`);
        return (
          <Link key={path} href={path} className="nav-link" {...(isHere ? { 'aria-current': 'page' as const } : {})}>
            {label}
          </Link>
        );
      })}
    </nav>
  );
}

function Route({ overview: { account, target } }: { readonly overview: OverviewView }) {
  return (
    <p className="route">
      <span className="visually-hidden">Mirrors the stars of </span>
      {account === null ? (
        <span>GitHub</span>
      ) : (
        <ExternalLink href={account.page}>
          <bdi>{account.login}</bdi>
        </ExternalLink>
      )}
      <span className="route-arrow">
        <Icon name="arrow" />
      </span>
      <span className="visually-hidden"> to </span>
      {target === null ? (
        <span>no place yet</span>
      ) : (
        <ExternalLink href={target.page}>
          <bdi>{shortAddress(target.address)}</bdi>
        </ExternalLink>
      )}
    </p>
  );
}
