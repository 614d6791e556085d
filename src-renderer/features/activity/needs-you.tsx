/** @file What only a person can solve, each with what can be done about it beside it. Nothing when there is nothing. */
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { Link } from 'wouter';
import type { OverviewView, RepositoryView } from '../../../src-preload/contract/views.ts';
import { countOf, formatBytes, formatCount } from '../../../src-preload/contract/words.ts';
import { useClient, useNow } from '../../connection/client-context.tsx';
import type { Actions } from '../../connection/use-actions.ts';
import { type Rows, useListing } from '../../connection/use-listing.ts';
import { Button } from '../../ui/button.tsx';
import { formatTime } from '../../ui/format.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { LinkButton } from '../../ui/link-button.tsx';
import { PlaceLink, Section } from '../../ui/pieces.tsx';
import { sortTroubles, type Trouble, wayOut } from '../../ui/trouble-kinds.ts';

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
  const asking = useRepositories('asks', trigger);
  const listedFailing = useRepositories('failed', trigger);
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
        {asking.items.map((repository) => (
          <AskingRow key={repository.githubId} repository={repository} actions={actions} isLive={isLive} />
        ))}
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

function useRepositories(state: 'asks' | 'failed', trigger: string): Rows<RepositoryView> {
  const client = useClient();
  const load = useCallback(
    () => client.call('repositories.list', { states: [state], order: 'size', limit: rowsShown }),
    [client, state],
  );
  const { rows } = useListing(load, trigger);
  return rows ?? noRows;
}

interface NeedRowProps {
  readonly icon: IconName;
  readonly tone: string;
  readonly title: ReactNode;
  readonly children: ReactNode;
  /** What can be pressed. */
  readonly presses?: ReactNode;
}

function NeedRow({ icon, tone, title, children, presses = null }: NeedRowProps) {
  return (
    <li className="row row-need">
      <span className={`row-icon ${tone}`}>
        <Icon name={icon} />
      </span>
      <div className="row-body">
        <p className="row-title">{title}</p>
        {children}
      </div>
      {presses !== null && <div className="row-presses">{presses}</div>}
    </li>
  );
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

function RepositoryLink({ repository: { githubId, fullName } }: Pick<RepositoryRowProps, 'repository'>) {
  return (
    <Link href={`/repositories/${githubId}`}>
      <bdi>{fullName}</bdi>
    </Link>
  );
}

function AskingRow({ repository, actions, isLive }: RepositoryRowProps) {
  const client = useClient();
  const { githubId, fullName, sizeKb, selectionReason } = repository;
  const key = `choose ${githubId}`;
  const choose = (choice: 'include' | 'exclude') => () =>
    actions.run(key, async () => {
      await client.call('repositories.choose', { githubIds: [githubId], choice });
      return choice === 'include' ? `${fullName} will be mirrored.` : `${fullName} is left out.`;
    });
  const isBusy = actions.busy.has(key);
  return (
    <NeedRow
      icon="alert"
      tone="tone-attention"
      title={<RepositoryLink repository={repository} />}
      presses={
        <>
          <Button
            label="Mirror"
            of={fullName}
            icon="check"
            isOff={!isLive}
            isBusy={isBusy}
            onPress={choose('include')}
          />
          <Button label="Leave out" of={fullName} icon="minus" isOff={!isLive || isBusy} onPress={choose('exclude')} />
        </>
      }
    >
      <p className="row-line">
        {`Mirror it? About ${formatBytes(sizeKb * 1_024)}`}
        {selectionReason !== '' && <span className="row-minor"> · {selectionReason}</span>}
      </p>
    </NeedRow>
  );
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
  readonly rows: Rows<RepositoryView>;
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
