/** @file Name of the product, and from where to where it mirrors. */
import type { OverviewView } from '../../src-preload/contract/views.ts';
import { Icon } from '../ui/icon.tsx';
import { ExternalLink } from '../ui/pieces.tsx';

/** `https://onedev.example.org/` -> `onedev.example.org`; a path stays as it is. */
function shortAddress(address: string): string {
  return address.replace(/^https?:\/\//, '').replace(/\/+$/, '');
}

export function Header({ overview }: { readonly overview: OverviewView | null }) {
  return (
    <header className="header">
      <div className="header-inner">
        <span className="brand">
          <span className="brand-mark">
            <Icon name="star" />
          </span>
          epicstar
        </span>
        {overview !== null && <Route overview={overview} />}
      </div>
    </header>
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
      <ExternalLink href={target.page}>
        <bdi>{shortAddress(target.address)}</bdi>
      </ExternalLink>
    </p>
  );
}
