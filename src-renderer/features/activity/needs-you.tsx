/** @file What only a person can solve, each with what can be done about it beside it. Nothing when there is nothing. */
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { Link } from 'wouter';
import type { OverviewView, RepositoryView } from '../../../src-preload/contract/views.ts';
import { countOf, formatCount } from '../../../src-preload/contract/words.ts';
import { useClient, useNow } from '../../connection/client-context.tsx';
import type { Actions } from '../../connection/use-actions.ts';
import { type Rows, useListing } from '../../connection/use-listing.ts';
import { Button } from '../../ui/button.tsx';
import { formatTime } from '../../ui/format.ts';
import { LinkButton } from '../../ui/link-button.tsx';
import { PlaceLink, Section } from '../../ui/pieces.tsx';
import { sortTroubles, type Trouble, wayOut } from '../../ui/trouble-kinds.ts';
import { AskingRows, useAsks } from './asking-rows.tsx';
import { NeedRow, RepositoryLink } from './need-row.tsx';

interface NeedsYouProps {
  readonly overview: OverviewView;
  readonly actions: Actions;
  readonly isLive: boolean;
}

/** Rows of each kind; the page of repositories has them all. */
const rowsShown = 3;

export function NeedsYou({ overview, actions, isLive }: NeedsYouProps) {
  const now = useNow();
  const { personal } = sortTroubles(overview, (at) => formatTime(at, now));
  const { failed, starred, jobs } = overview.totals;
  const trigger = `${failed} ${starred} ${jobs.failed} ${useRepositoryChanges()}`;
  const asking = useAsks(rowsShown, `${trigger} ${overview.totals.asks}`);
  const listedFailing = useFailed(trigger);
  // The overview is ahead of the list.
  const failing = failed === 0 ? noRows : listedFailing;
  const count = personal.length + asking.total + failing.total;
  if (count === 0) return null;
  return (
    <Section title="Needs you" count={formatCount(count)}>
      <ul className="rows">
        {personal.map((trouble) => (
          <TroubleRow key={`${trouble.error.code} ${trouble.since}`} trouble={trouble} />
        ))}
        <AskingRows asks={asking.items} actions={actions} isLive={isLive} />
        <MoreRow rows={asking} words="ask whether to mirror them" state="asks" />
        {failing.items.map((repository) => (
          <FailedRow key={repository.githubId} repository={repository} actions={actions} isLive={isLive} />
        ))}
        <MoreRow rows={failing} words="failed" state="failed">
          <RetryAllButton total={failing.total} actions={actions} isLive={isLive} />
        </MoreRow>
      </ul>
    </Section>
  );
}

const noRows: Rows<RepositoryView> = { items: [], total: 0 };

const changesSettleMs = 1_000;

/** Grows when repositories have changed, once a second at most. */
function useRepositoryChanges(): number {
  const client = useClient();
  const [count, setCount] = useState(0);
  useEffect(() => {
    let timer: number | null = null;
    const stop = client.listen('repositories', () => {
      timer ??= window.setTimeout(() => {
        timer = null;
        setCount((now) => now + 1);
      }, changesSettleMs);
    });
    return () => {
      stop();
      if (timer !== null) window.clearTimeout(timer);
    };
  }, [client]);
  return count;
}

function useFailed(trigger: string): Rows<RepositoryView> {
  const client = useClient();
  const load = useCallback(
    () => client.call('repositories.list', { states: ['failed'], order: 'size', limit: rowsShown }),
    [client],
  );
  const { rows } = useListing(load, trigger);
  return rows ?? noRows;
}

function TroubleRow({ trouble }: { readonly trouble: Trouble }) {
  const { error } = trouble;
  const way = wayOut(trouble);
  return (
    <NeedRow
      icon="alert"
      tone="tone-attention"
      title={error.message}
      presses={way === null ? null : <LinkButton href={way.href} label={way.label} icon={way.icon} />}
    >
      <p className="row-line">{error.nextStep}</p>
    </NeedRow>
  );
}

interface RepositoryRowProps {
  readonly repository: RepositoryView;
  readonly actions: Actions;
  readonly isLive: boolean;
}

function FailedRow({ repository, actions, isLive }: RepositoryRowProps) {
  const client = useClient();
  const { githubId, fullName, job } = repository;
  const error = job?.error ?? null;
  const key = `need ${githubId}`;
  const retry = async (): Promise<string> => {
    const { requested } = await client.call('mirror.now', { githubIds: [githubId] });
    return requested === 0 ? `${fullName} is in line already.` : `${fullName} is next in line.`;
  };
  const follow = async (): Promise<string> => {
    await client.call('mirror.followLoss', { githubId });
    return `${fullName} is followed; what upstream lost is kept.`;
  };
  const withBuilds = async (): Promise<string> => {
    await client.call('mirror.mirrorBuilds', { githubId });
    return `${fullName} is mirrored with its build definition.`;
  };
  return (
    <NeedRow
      icon="cross"
      tone="tone-error"
      title={
        <>
          <RepositoryLink repository={repository} />
          <PlaceLink href={error?.notice ?? null} label="Notice" of={fullName} />
        </>
      }
      presses={
        <>
          {error?.action === 'follow-loss' && (
            <Button
              label="Follow upstream"
              of={fullName}
              icon="check"
              isOff={!isLive}
              isBusy={actions.busy.has(key)}
              onPress={() => actions.run(key, follow)}
            />
          )}
          {error?.action === 'mirror-builds' && (
            <Button
              label="Mirror with its build definition"
              of={fullName}
              icon="check"
              isOff={!isLive}
              isBusy={actions.busy.has(key)}
              onPress={() => actions.run(key, withBuilds)}
            />
          )}
          <Button
            label="Retry"
            of={fullName}
            icon="retry"
            isOff={!isLive}
            isBusy={actions.busy.has(key)}
            onPress={() => actions.run(key, retry)}
          />
        </>
      }
    >
      <p className="row-line row-bad">{error?.message ?? 'It could not be mirrored.'}</p>
      {error !== null && <p className="row-line row-minor">{error.nextStep}</p>}
    </NeedRow>
  );
}

interface MoreRowProps {
  readonly rows: Rows<unknown>;
  readonly words: string;
  /** Where all of them are. */
  readonly state: 'asks' | 'failed';
  readonly children?: ReactNode;
}

function MoreRow({ rows: { items, total }, words, state, children = null }: MoreRowProps) {
  const more = total - items.length;
  if (more <= 0 && (children === null || total < 2)) return null;
  return (
    <li className="row row-need row-more">
      <p className="row-body row-line">
        {more > 0 && (
          <Link
            href={`/repositories/in/${state}`}
          >{`${countOf(more, 'other')} ${more === 1 ? words.replace(/^ask/, 'asks') : words}`}</Link>
        )}
      </p>
      {children !== null && <div className="row-presses">{children}</div>}
    </li>
  );
}

interface RetryAllButtonProps {
  readonly total: number;
  readonly actions: Actions;
  readonly isLive: boolean;
}

function RetryAllButton({ total, actions, isLive }: RetryAllButtonProps) {
  const client = useClient();
  const retry = async (): Promise<string> => {
    const { requested } = await client.call('mirror.retryFailed');
    return requested === 0
      ? 'There was nothing to try again.'
      : `Trying ${countOf(requested, 'repository', 'repositories')} again.`;
  };
  return (
    <Button
      label={`Retry all ${formatCount(total)}`}
      icon="retry"
      isOff={!isLive}
      isBusy={actions.busy.has('retry')}
      onPress={() => actions.run('retry', retry)}
    />
  );
}
