/** @file Repositories that wait for the person's word: what each would cost, and the three answers. */
import { useCallback } from 'react';
import type { AsksView, AskView } from '../../../src-preload/contract/ask-calls.ts';
import { countOf, formatBytes } from '../../../src-preload/contract/words.ts';
import { useClient } from '../../connection/client-context.tsx';
import type { Actions } from '../../connection/use-actions.ts';
import { type Rows, useListing } from '../../connection/use-listing.ts';
import { Button } from '../../ui/button.tsx';
import { NeedRow, RepositoryLink } from './need-row.tsx';

/** With how much room there is. */
type Asking = AskView & Pick<AsksView, 'freeBytesHere' | 'freeBytesAtTarget'>;

const noAsks: Rows<Asking> = { items: [], total: 0 };

/** @param trigger whenever it is another, they are read anew */
export function useAsks(limit: number, trigger: string): Rows<Asking> {
  const client = useClient();
  const load = useCallback(async () => {
    const { items, total, freeBytesHere, freeBytesAtTarget } = await client.call('asks.list', { limit });
    return { items: items.map((ask) => ({ ...ask, freeBytesHere, freeBytesAtTarget })), total };
  }, [client, limit]);
  const { rows } = useListing(load, trigger);
  return rows ?? noAsks;
}

interface AskingRowsProps {
  readonly asks: readonly Asking[];
  readonly actions: Actions;
  readonly isLive: boolean;
}

export function AskingRows({ asks, actions, isLive }: AskingRowsProps) {
  return asks.map((ask) => <AskingRow key={ask.repository.githubId} ask={ask} actions={actions} isLive={isLive} />);
}

const told = {
  include: 'will be mirrored.',
  later: 'is asked about again after 30 days, or when it has grown by half.',
  exclude: 'is left out for good.',
} as const;

function AskingRow({ ask, actions, isLive }: Omit<AskingRowsProps, 'asks'> & { readonly ask: Asking }) {
  const client = useClient();
  const { githubId, fullName, selectionReason } = ask.repository;
  const key = `choose ${githubId}`;
  const choose = (choice: keyof typeof told) => () =>
    actions.run(key, async () => {
      await client.call('repositories.choose', { githubIds: [githubId], choice });
      return `${fullName} ${told[choice]}`;
    });
  const isBusy = actions.busy.has(key);
  const isOff = !isLive || isBusy;
  return (
    <NeedRow
      icon="alert"
      tone="tone-attention"
      title={<RepositoryLink repository={ask.repository} />}
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
          <Button label="Later" of={fullName} icon="clock" isOff={isOff} onPress={choose('later')} />
          <Button label="Never" of={fullName} icon="minus" isOff={isOff} onPress={choose('exclude')} />
        </>
      }
    >
      <p className="row-line">
        {`Mirror it? About ${formatBytes(ask.bytes)} by GitHub's figure`}
        {selectionReason !== '' && <span className="row-minor"> · {selectionReason}</span>}
      </p>
      <p className="row-line row-minor">{roomOf(ask)}</p>
    </NeedRow>
  );
}

function roomOf({ bytes, cache, freeBytesHere, freeBytesAtTarget }: Asking): string {
  const short = (free: number | null): string => (free !== null && free < bytes ? ', too little' : '');
  const there =
    freeBytesAtTarget === null
      ? 'The place of the mirrors does not tell what is free'
      : `${formatBytes(freeBytesAtTarget)} free where mirrors go${short(freeBytesAtTarget)}`;
  const here =
    freeBytesHere === null
      ? 'this computer does not tell'
      : `${formatBytes(freeBytesHere)} here${short(freeBytesHere)}`;
  return `${there}; ${here}.${cacheWords(cache)}`;
}

function cacheWords(cache: AskView['cache']): string {
  if (cache === null || (cache.stays && cache.caches === 0)) return '';
  if (!cache.stays) return ' No copy of it stays on this computer: it is larger than all copies may be.';
  const copies = countOf(cache.caches, 'copy', 'copies');
  return ` It would drop ${copies} kept here (${formatBytes(cache.bytes)}), fetched again from the mirrors when needed.`;
}
