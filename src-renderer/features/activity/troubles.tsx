/** @file What stops more than one repository and ends by itself, when there is more than the state already says. */
import type { OverviewView } from '../../../src-preload/contract/views.ts';
import { useNow } from '../../connection/client-context.tsx';
import { formatTime } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { Section, TimeAgo } from '../../ui/pieces.tsx';
import { sortTroubles } from '../../ui/trouble-kinds.ts';

export function Troubles({ overview }: { readonly overview: OverviewView }) {
  const now = useNow();
  const { passing } = sortTroubles(overview, (at) => formatTime(at, now));
  if (passing.length === 0) return null;
  return (
    <Section title="What is in the way">
      <ul className="rows">
        {passing.map(({ error, since, until }) => (
          <li className="row" key={`${error.code} ${since}`}>
            <span className="row-icon tone-attention">
              <Icon name="alert" />
            </span>
            <div className="row-body">
              <p className="row-title">{error.message}</p>
              <p className="row-line">
                {until === null ? error.nextStep : `It is tried again at ${formatTime(until, now)}.`}
              </p>
            </div>
            <span className="row-time">
              <TimeAgo at={since} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
