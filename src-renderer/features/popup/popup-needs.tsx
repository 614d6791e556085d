/** @file What only a person can solve, each with the way to where it is done. Nothing when there is nothing. */
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { OverviewView } from '../../../src-preload/contract/views.ts';
import { countOf } from '../../../src-preload/contract/words.ts';
import { useNow } from '../../connection/client-context.tsx';
import { formatTime } from '../../ui/format.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { Section } from '../../ui/pieces.tsx';
import { sortTroubles, wayOut } from '../../ui/trouble-kinds.ts';

export function PopupNeeds({ overview }: { readonly overview: OverviewView }) {
  const now = useNow();
  const { personal } = sortTroubles(overview, (at) => formatTime(at, now));
  const { failed, asks } = overview.totals;
  if (personal.length === 0 && failed === 0 && asks === 0) return null;
  return (
    <Section title="Needs you">
      <ul className="rows">
        {personal.map((trouble) => {
          const { error, since } = trouble;
          const way = wayOut(trouble);
          return (
            <NeedRow key={`${error.code} ${since}`} icon="alert" tone="tone-attention">
              <p className="row-title">{error.message}</p>
              <p className="row-line">{way === null ? error.nextStep : <Link href={way.href}>{way.label}</Link>}</p>
            </NeedRow>
          );
        })}
        {asks > 0 && (
          <NeedRow icon="alert" tone="tone-attention">
            <p className="row-title">
              {`${countOf(asks, 'repository asks', 'repositories ask')} whether to be mirrored`}
            </p>
            <p className="row-line">
              <Link href="/repositories/in/asks">Choose</Link>
            </p>
          </NeedRow>
        )}
        {failed > 0 && (
          <NeedRow icon="cross" tone="tone-error">
            <p className="row-title">{`${countOf(failed, 'repository', 'repositories')} failed`}</p>
            <p className="row-line">
              <Link href="/repositories/in/failed">See why</Link>
            </p>
          </NeedRow>
        )}
      </ul>
    </Section>
  );
}

interface NeedRowProps {
  readonly icon: IconName;
  readonly tone: string;
  readonly children: ReactNode;
}

function NeedRow({ icon, tone, children }: NeedRowProps) {
  return (
    <li className="popup-row">
      <span className={`row-icon ${tone}`}>
        <Icon name={icon} />
      </span>
      <div className="row-body">{children}</div>
    </li>
  );
}
